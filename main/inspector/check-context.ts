import type { AuthWay } from '../auth/auth-switch.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import type { Mint } from '../auth/mint.ts';
import type { Config } from '../config.ts';
import type { CheckContext } from '../conformance/clause.ts';
import { PROBE } from '../conformance/discover.ts';
import type { PluginEngine } from '../plugins/engine.ts';

/** What this runtime can offer to its own contract checks. */
export async function checkContext(
  { maxBodyBytes }: Config,
  { auth }: AuthWay,
  engine: PluginEngine,
  authenticator: Authenticator,
  mint: Mint,
): Promise<CheckContext> {
  const runnable = engine.list().filter((plugin) => plugin.enabled && plugin.serving);
  return {
    caller: await caller(authenticator, mint),
    anonymousAllowed: auth.mode === 'local' && !auth.requireToken,
    plugin: runnable[0]?.name ?? null,
    probe: runnable.find((plugin) => plugin.name === PROBE)?.name ?? null,
    maxBodyBytes,
  };
}

/** With a real identity provider there is no private key here, so nobody can be impersonated: those clauses are skipped. */
async function caller(authenticator: Authenticator, mint: Mint): Promise<CheckContext['caller']> {
  if (mint.signs.algorithm === null) return null;
  const token = await mint.personaToken('user');
  if (token === null) return null;
  const { identity } = await authenticator.inspectToken(token);
  return identity === null ? null : { token, userId: identity.userId };
}
