import type { AuthConfig, ClaimNames } from '../config/types.ts';
import type { Json, JsonObject } from '../contract/http.ts';
import type { IdentityView, Provenance, TokenRemedy } from '../contract/trace.ts';
import { hasHidden } from '../system/printable.ts';
import { claimRemedy, manyRolesRemedy } from './remedies.ts';
import { isObject } from './token-shape.ts';

/**
 * Verified claims → identity (CONTRACT.md §3). Named claims are read one by one, own properties only. A user id
 * of the wrong type refuses the token, since guessing a user is worse than having none; an odd username, email
 * or role only counts as absent, as in production: none of them can give more than the user has.
 */

/** Who calls; always with a name. Traces of older versions have identities without one. */
export interface Identity extends IdentityView {
  readonly username: string;
}

/** Where one field of an identity came from, without the value. */
export type FieldOrigin = Pick<Provenance, 'source' | 'name' | 'claims' | 'label' | 'rule'>;

/** Where each field of an identity came from (CONTRACT.md §3). */
export interface IdentityProvenance {
  readonly userId: FieldOrigin;
  readonly username: FieldOrigin;
  readonly roles: FieldOrigin;
  readonly isSuperadmin: FieldOrigin;
}

export interface Found<T> {
  readonly ok: true;
  readonly value: T;
  readonly origin: FieldOrigin;
}

export type Extracted<T> =
  | Found<T>
  | { readonly ok: false; readonly detail: string; readonly remedy: TokenRemedy };

const MAX_ROLES = 64;

const USER_ID_REMEDY = claimRemedy('MOZAIKS_USER_ID_CLAIM', 'user id');

const RULES = {
  userId: 'contract §3: user_id is MOZAIKS_USER_ID_CLAIM, else sub, else user_id, else uid',
  username:
    'contract §3: username is MOZAIKS_USERNAME_CLAIM, else username, preferred_username, the name in the email, the user id',
  roles: 'contract §3: roles are MOZAIKS_ROLES_CLAIM, else roles, else realm_access and resource_access',
  isSuperadmin: 'contract §3: is_superadmin is the claim that is exactly true, or the superadmin role',
  anonymous: 'contract §3: local mode without a token gives the development identity',
} as const;

/** The development identity of local mode. */
export const ANONYMOUS: Identity = {
  kind: 'anonymous',
  userId: 'dev-user',
  username: 'dev-user',
  roles: ['user'],
  isSuperadmin: false,
};

const anonymousOrigin: FieldOrigin = {
  source: 'identity',
  name: 'development identity',
  label: 'development identity: no token was sent',
  rule: RULES.anonymous,
};

export const ANONYMOUS_PROVENANCE: IdentityProvenance = {
  userId: anonymousOrigin,
  username: anonymousOrigin,
  roles: anonymousOrigin,
  isSuperadmin: anonymousOrigin,
};

/** The user id; required. The first claim that is there decides, even one that is null. */
export function extractUserId(claims: JsonObject, names: ClaimNames): Extracted<string> {
  const lookedFor = [...new Set([names.userId, 'sub', 'user_id', 'uid'])].filter(
    (name) => name !== undefined,
  );
  const name = lookedFor.find((candidate) => findClaim(claims, candidate) !== undefined);
  if (name === undefined) return noUserId(`No claim names the user (looked for ${lookedFor.join(', ')}).`);
  const value = findClaim(claims, name) ?? null;
  const wrong = wrongText(value);
  if (wrong) return noUserId(`The claim ${name} ${wrong}.`);
  return { ok: true, value: String(value), origin: claimOrigin([name], RULES.userId) };
}

function noUserId(detail: string): Extracted<never> {
  return { ok: false, detail, remedy: USER_ID_REMEDY };
}

/** The name to show: that of a claim, else the email's part before the @, else the user id. Never refuses. */
export function extractUsername(claims: JsonObject, names: ClaimNames, user: Found<string>): Found<string> {
  const passedOver: string[] = [];
  const usable = ({ name, value }: Claim): boolean => {
    const wrong = wrongText(value);
    if (wrong !== null) passedOver.push(`${name} is passed over, it ${wrong}`);
    return wrong === null;
  };
  const found = presentClaims(claims, [names.username, 'username', 'preferred_username']).find(usable);
  if (found) {
    const origin = claimOrigin([found.name], RULES.username);
    return { ok: true, value: String(found.value), origin: withNotes(origin, passedOver) };
  }
  for (const { name, value } of presentClaims(claims, [names.email, 'email']).filter(usable)) {
    const [, local] = /^([^@]+)@/.exec(String(value)) ?? [];
    if (local === undefined || wrongText(local) !== null) continue;
    const origin = claimOrigin([name], RULES.username);
    const label = `${origin.label}, the part before @`;
    return { ok: true, value: local, origin: withNotes({ ...origin, label }, passedOver) };
  }
  const origin = { ...user.origin, label: `the user id, ${user.origin.label}`, rule: RULES.username };
  return { ok: true, value: user.value, origin: withNotes(origin, passedOver) };
}

/**
 * The roles in the token's order, duplicates and what can't be a role dropped; none when no claim gives any.
 * Refuses only more than {@link MAX_ROLES}.
 */
export function extractRoles(claims: JsonObject, names: ClaimNames): Extracted<readonly string[]> {
  const [named] = presentClaims(claims, [names.roles, 'roles']);
  const sources = named ? [named] : keycloakRoles(claims);
  if (sources.length === 0) return { ok: true, value: [], origin: noClaim(RULES.roles) };
  const roles = new Set<string>();
  const notes: string[] = [];
  for (const { name, value } of sources) {
    const listed = typeof value === 'string' ? value.split(/[\s,]+/).filter((role) => role !== '') : value;
    if (!Array.isArray(listed)) {
      notes.push(`${name} is passed over, it is neither a list nor a string`);
      continue;
    }
    const stripped = listed.map((role) => (typeof role === 'string' ? role.trim() : role));
    const usable = stripped.filter((role) => wrongText(role) === null);
    if (usable.length < listed.length) notes.push(`${listed.length - usable.length} in ${name} dropped`);
    for (const role of usable) roles.add(String(role));
  }
  if (roles.size > MAX_ROLES) {
    const detail = `The token names ${roles.size} roles; at most ${MAX_ROLES} are accepted.`;
    return { ok: false, detail, remedy: manyRolesRemedy(MAX_ROLES) };
  }
  const claimNames = sources.map(({ name }) => name);
  return { ok: true, value: [...roles], origin: withNotes(claimOrigin(claimNames, RULES.roles), notes) };
}

/** Never refuses: anything but exactly `true` and the role means no elevation. */
export function extractSuperadmin(
  claims: JsonObject,
  roles: Pick<Found<readonly string[]>, 'value' | 'origin'>,
  names: ClaimNames,
): Pick<Found<boolean>, 'value' | 'origin'> {
  // A configured name replaces the default one: two ways to superadmin would be one too many.
  const name = names.superadmin ?? 'is_superadmin';
  const rule = RULES.isSuperadmin;
  if (findClaim(claims, name) === true) return { value: true, origin: claimOrigin([name], rule) };
  const wanted = names.superadminRole.toLowerCase();
  const role = roles.value.find((held) => held.toLowerCase() === wanted);
  if (role === undefined)
    return { value: false, origin: { ...noClaim(rule), label: 'default: no claim, no role' } };
  return { value: true, origin: { ...roles.origin, label: `role "${role}", ${roles.origin.label}`, rule } };
}

/** Whether a request without a token may pass, and as whom. */
export function allowsAnonymous(auth: AuthConfig): boolean {
  return auth.mode === 'local' && !auth.requireToken;
}

interface Claim {
  readonly name: string;
  readonly value: Json;
}

/** Those of the claims that the token holds, in this order. */
function presentClaims(claims: JsonObject, names: readonly (string | undefined)[]): readonly Claim[] {
  return names
    .filter((name) => name !== undefined)
    .map((name) => ({ name, value: findClaim(claims, name) }))
    .filter((claim): claim is Claim => claim.value !== undefined && claim.value !== null);
}

/**
 * The claim of exactly this name (names with dots exist: "https://example.com/roles"), else what the dotted
 * path leads to. Own properties only, so `constructor` or `__proto__` find nothing that the token doesn't
 * hold itself.
 */
export function findClaim(claims: JsonObject, name: string): Json | undefined {
  if (Object.hasOwn(claims, name)) return claims[name];
  return name.split('.').reduce<Json | undefined>((value, key) => {
    return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }, claims);
}

function keycloakRoles(claims: JsonObject): readonly Claim[] {
  const realm = findClaim(claims, 'realm_access.roles');
  const resources = Object.hasOwn(claims, 'resource_access') ? claims.resource_access : undefined;
  const clients = isObject(resources) ? Object.entries(resources) : [];
  return [
    { name: 'realm_access.roles', value: realm },
    ...clients.map(([client, access]) => ({
      name: `resource_access.${client}.roles`,
      value: isObject(access) && Object.hasOwn(access, 'roles') ? access.roles : undefined,
    })),
  ].filter((claim): claim is Claim => claim.value !== undefined && claim.value !== null);
}

/** Why a value can't be an identity's text, or null. */
function wrongText(value: Json): string | null {
  if (typeof value !== 'string') return `is ${value === null ? 'null' : `a ${typeof value}`}, not text`;
  if (value.trim() === '') return 'is empty';
  if (value.trim() !== value) return 'begins or ends with a blank';
  if (value.length > 256) return 'is longer than 256 characters';
  return hasHidden(value) ? 'contains control, direction or zero-width characters' : null;
}

function claimOrigin(claims: readonly string[], rule: string): FieldOrigin {
  const name = claims.join(', ');
  return { source: 'claim', name, claims, label: `JWT claim ${name}`, rule };
}

/** What there is to know beside the claim: shown in brackets behind it. */
function withNotes(origin: FieldOrigin, notes: readonly string[]): FieldOrigin {
  return notes.length === 0 ? origin : { ...origin, label: `${origin.label} (${notes.join('; ')})` };
}

function noClaim(rule: string): FieldOrigin {
  return { source: 'default', name: 'default', label: 'default: no claim', rule };
}
