import type { AppSetting } from '../config/types.ts';
import { type Json, type JsonObject, RESERVED_KEYS } from '../contract/http.ts';
import { joinMembers, membersOf } from '../contract/json-members.ts';
import type { Provenance, SpoofAttempt } from '../contract/trace.ts';
import type { Authentication } from './authentication.ts';
import type { FieldOrigin } from './identity.ts';

/**
 * What a plugin receives, and where each value came from. Values are not masked yet: the trace's recorder
 * does that.
 */
export interface Injection {
  readonly data: JsonObject;
  /** The same as text: what the client wrote, number for number, then the runtime's keys. */
  readonly json: string;
  readonly provenance: readonly Provenance[];
  readonly spoofs: readonly SpoofAttempt[];
}

/** A client's object, parsed and as it wrote it. */
export interface SentObject {
  readonly value: JsonObject;
  readonly text: string;
}

/** `_entitlements` and where its parts came from; `main/entitlements/` resolves it. */
export interface InjectedEntitlements {
  readonly value: JsonObject;
  readonly provenance: readonly Provenance[];
}

const RULE = 'contract §4: the runtime sets it; what a client sent is discarded';

/**
 * A client's key that a plugin's `Object.assign({}, data)` would turn into a prototype, `is_superadmin`
 * included. Dropped at the level that carries the identity; deeper down it is the plugin's data like any
 * other.
 */
const PROTOTYPE_KEY = '__proto__';

/**
 * Adds the runtime's keys to the client's object (CONTRACT.md §4). The client's own reserved keys are dropped
 * first, never merged; its other keys keep their order. Pure.
 */
export function injectContext(
  { value: sent, text }: SentObject,
  who: Extract<Authentication, { ok: true }>,
  app: AppSetting,
  entitlements: InjectedEntitlements,
): Injection {
  const { userId, username, roles, isSuperadmin } = who.identity;
  const context: JsonObject = {
    app_id: app.appId,
    user_id: userId,
    username,
    roles: [...roles],
    is_superadmin: isSuperadmin,
  };
  const set: JsonObject = {
    app_id: app.appId,
    user_id: userId,
  };
  if (who.token !== null) set.user_jwt = who.token;
  set._entitlements = entitlements.value;
  set._context = context;
  const refused = new Set<string>([...RESERVED_KEYS, PROTOTYPE_KEY]);
  const data: JsonObject = {};
  const spoofs: SpoofAttempt[] = [];
  for (const key of Object.keys(sent)) {
    const value = sent[key] ?? null;
    // The only key with a setter is among the refused: no other needs to be defined instead of assigned.
    if (!refused.has(key)) data[key] = value;
    else spoofs.push({ key, sent: value, action: Object.hasOwn(set, key) ? 'replaced' : 'removed' });
  }
  Object.assign(data, set);
  return {
    data,
    json: writeReceived(text, set),
    provenance: describe(context, who, app, entitlements),
    spoofs,
  };
}

/**
 * The client's own members as it wrote them, then the runtime's. `__proto__` is among them: it is plain data
 * to Python, and the processes of JavaScript plugins drop it.
 */
function writeReceived(text: string, set: JsonObject): string {
  const reserved = new Set<string>(RESERVED_KEYS);
  const own = membersOf(text).filter(({ key }) => !reserved.has(key));
  const injected = Object.entries(set).map(([key, value]) => ({ key, text: JSON.stringify(value) }));
  return joinMembers([...own, ...injected]);
}

function describe(
  context: JsonObject,
  who: Extract<Authentication, { ok: true }>,
  app: AppSetting,
  entitlements: InjectedEntitlements,
): readonly Provenance[] {
  const appOrigin: FieldOrigin = { source: 'setting', name: 'MOZAIKS_APP_ID', label: app.origin, rule: RULE };
  const { userId, username, roles, isSuperadmin } = who.provenance;
  const { identity, token } = who;
  const field = (name: string, value: Json, origin: FieldOrigin, present = true): Provenance => {
    return { field: name, value, present, ...origin };
  };
  return [
    field('app_id', app.appId, appOrigin),
    field('user_id', identity.userId, userId),
    field('user_jwt', token, tokenOrigin(token), token !== null),
    ...entitlements.provenance,
    field('_context.app_id', app.appId, appOrigin),
    field('_context.user_id', identity.userId, userId),
    field('_context.username', identity.username, username),
    field('_context.roles', context.roles ?? [], roles),
    field('_context.is_superadmin', identity.isSuperadmin, isSuperadmin),
  ];
}

function tokenOrigin(token: string | null): FieldOrigin {
  const label = token === null ? 'absent: no Authorization header was sent' : 'Authorization header';
  const rule = 'contract §4: user_jwt is the bearer token, absent when none was sent';
  return { source: 'header', name: 'Authorization', label, rule };
}
