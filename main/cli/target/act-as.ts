import { createAuthenticator } from '../../auth/authenticator.ts';
import type { PersonaSubscription } from '../../contract/persona-subscription.ts';
import { createDocumentStore, documentsFolder } from '../../documents/store.ts';
import { subscribe } from '../../entitlements/subscription.ts';
import type { CallTarget } from './call-target.ts';

/**
 * Stores what the caller has subscribed to, where a runtime of this user and app finds it. Does nothing for a
 * token that these settings refuse: such a call has no user.
 * @returns what to say about it; null where there is nothing
 */
export async function actAs(
  target: Pick<CallTarget, 'settings' | 'started'>,
  token: string | null,
  subscription: PersonaSubscription,
): Promise<string | null> {
  const settings = await target.settings();
  const authenticator =
    target.started?.authSwitch.authenticator ?? createAuthenticator(settings.auth, settings.app);
  const who = await authenticator.authenticate(token === null ? [] : [`Bearer ${token}`]);
  if (!who.ok) return `no subscription is stored, since the call has no user: ${who.detail}`;
  const documents = createDocumentStore(documentsFolder(settings));
  await subscribe(documents, who.identity.userId, subscription, new Date());
  return settings.monetization.isOn ? null : 'the subscription has no effect: MONETIZATION is off here';
}
