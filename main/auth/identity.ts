import type { AuthConfig, ClaimNames } from '../config/types.ts';
import { hasControl } from '../config/values.ts';
import type { Json, JsonObject } from '../contract/http.ts';
import type { IdentityView, Provenance, TokenRemedy } from '../contract/trace.ts';
import { claimRemedy, manyRolesRemedy } from './remedies.ts';
import { isObject } from './token-shape.ts';

/**
 * Verified claims → identity (CONTRACT.md §3). Named claims are read one by one, own properties only; a claim
 * of the wrong type refuses the token, since guessing an identity is worse than having none.
 */

/** Where one field of an identity came from, without the value. */
export type FieldOrigin = Pick<Provenance, 'source' | 'name' | 'claims' | 'label' | 'rule'>;

/** Where each field of an identity came from (CONTRACT.md §3). */
export interface IdentityProvenance {
  readonly userId: FieldOrigin;
  readonly username: FieldOrigin;
  readonly roles: FieldOrigin;
  readonly isSuperadmin: FieldOrigin;
}

export type Extracted<T> =
  | { readonly ok: true; readonly value: T; readonly origin: FieldOrigin }
  | { readonly ok: false; readonly detail: string; readonly remedy: TokenRemedy };

const MAX_ROLES = 64;

const USER_ID_REMEDY = claimRemedy('MOZAIKS_USER_ID_CLAIM', 'user id');
const USERNAME_REMEDY = claimRemedy('MOZAIKS_USERNAME_CLAIM', 'username');
const ROLES_REMEDY = claimRemedy('MOZAIKS_ROLES_CLAIM', 'list of roles');

const RULES = {
  userId: 'contract §3: user_id is MOZAIKS_USER_ID_CLAIM, else sub, else user_id, else uid',
  username:
    'contract §3: username is MOZAIKS_USERNAME_CLAIM, else username, preferred_username, the name in the email',
  roles: 'contract §3: roles are MOZAIKS_ROLES_CLAIM, else roles, else realm_access and resource_access',
  isSuperadmin: 'contract §3: is_superadmin is the claim that is exactly true, or the superadmin role',
  anonymous: 'contract §3: local mode without a token gives the development identity',
} as const;

/** The development identity of local mode. */
export const ANONYMOUS: IdentityView = {
  kind: 'anonymous',
  userId: 'dev-user',
  username: null,
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

/** The user id; required. */
export function extractUserId(claims: JsonObject, names: ClaimNames): Extracted<string> {
  const found = firstPresent(claims, [names.userId, 'sub', 'user_id', 'uid']);
  if (!found) {
    const looked = [...new Set([names.userId, 'sub', 'user_id', 'uid'])].filter(Boolean).join(', ');
    return refuse(`No claim names the user (looked for ${looked}).`, USER_ID_REMEDY);
  }
  const wrong = wrongText(found.value);
  if (wrong) return refuse(`The claim ${found.name} ${wrong}.`, USER_ID_REMEDY);
  return { ok: true, value: String(found.value), origin: claimOrigin([found.name], RULES.userId) };
}

/** The name to show; null when no claim gives one. */
export function extractUsername(claims: JsonObject, names: ClaimNames): Extracted<string | null> {
  const found = firstPresent(claims, [names.username, 'username', 'preferred_username'], isGiven);
  if (found) {
    const wrong = wrongText(found.value);
    if (wrong) return refuse(`The claim ${found.name} ${wrong}.`, USERNAME_REMEDY);
    return { ok: true, value: String(found.value), origin: claimOrigin([found.name], RULES.username) };
  }
  const email = firstPresent(claims, [names.email, 'email'], isGiven);
  const wrong = email && wrongText(email.value);
  if (wrong) return refuse(`The claim ${email.name} ${wrong}.`, claimRemedy('MOZAIKS_EMAIL_CLAIM', 'email'));
  const [, local] = /^([^@]+)@/.exec(String(email?.value ?? '')) ?? [];
  if (!email || local === undefined) return { ok: true, value: null, origin: noClaim(RULES.username) };
  const origin = claimOrigin([email.name], RULES.username);
  return { ok: true, value: local, origin: { ...origin, label: `${origin.label}, the part before @` } };
}

/** The roles in the token's order, duplicates dropped; none when no claim gives any. */
export function extractRoles(claims: JsonObject, names: ClaimNames): Extracted<readonly string[]> {
  const named = firstPresent(claims, [names.roles, 'roles'], isGiven);
  const sources = named ? [named] : keycloakRoles(claims);
  if (sources.length === 0) return { ok: true, value: [], origin: noClaim(RULES.roles) };
  const roles: string[] = [];
  for (const { name, value } of sources) {
    const listed = typeof value === 'string' ? value.split(/[\s,]+/).filter((role) => role !== '') : value;
    if (!Array.isArray(listed)) return refuse(`The claim ${name} is neither a list nor text.`, ROLES_REMEDY);
    const wrong = listed.map(wrongText).find((text) => text !== null);
    if (wrong) return refuse(`A role in the claim ${name} ${wrong}.`, ROLES_REMEDY);
    roles.push(...listed.map(String));
  }
  const unique = [...new Set(roles)];
  if (unique.length > MAX_ROLES) {
    const detail = `The token names ${unique.length} roles; at most ${MAX_ROLES} are accepted.`;
    return refuse(detail, manyRolesRemedy(MAX_ROLES));
  }
  const origin = claimOrigin(
    sources.map(({ name }) => name),
    RULES.roles,
  );
  return { ok: true, value: unique, origin };
}

/** Never refuses: anything but exactly `true` and the role means no elevation. */
export function extractSuperadmin(
  claims: JsonObject,
  roles: { readonly value: readonly string[]; readonly origin: FieldOrigin },
  names: ClaimNames,
): { readonly value: boolean; readonly origin: FieldOrigin } {
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

interface Found {
  readonly name: string;
  readonly value: Json;
}

function firstPresent(
  claims: JsonObject,
  names: readonly (string | undefined)[],
  counts: (value: Json) => boolean = () => true,
): Found | null {
  for (const name of names) {
    const value = name === undefined ? undefined : findClaim(claims, name);
    if (name !== undefined && value !== undefined && counts(value)) return { name, value };
  }
  return null;
}

/** An optional claim that is null counts as absent. */
const isGiven = (value: Json): boolean => value !== null;

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

function keycloakRoles(claims: JsonObject): readonly Found[] {
  const realm = findClaim(claims, 'realm_access.roles');
  const resources = Object.hasOwn(claims, 'resource_access') ? claims.resource_access : undefined;
  const clients = isObject(resources) ? Object.entries(resources) : [];
  return [
    { name: 'realm_access.roles', value: realm },
    ...clients.map(([client, access]) => ({
      name: `resource_access.${client}.roles`,
      value: isObject(access) && Object.hasOwn(access, 'roles') ? access.roles : undefined,
    })),
  ].filter((found): found is Found => found.value !== undefined && isGiven(found.value));
}

/** Why a value can't be an identity's text, or null. */
function wrongText(value: Json): string | null {
  if (typeof value !== 'string') return `is ${value === null ? 'null' : `a ${typeof value}`}, not text`;
  if (value.trim() === '') return 'is empty';
  if (value.length > 256) return 'is longer than 256 characters';
  return hasControl(value) ? 'contains control characters' : null;
}

function refuse(detail: string, remedy: TokenRemedy): Extracted<never> {
  return { ok: false, detail, remedy };
}

function claimOrigin(claims: readonly string[], rule: string): FieldOrigin {
  const name = claims.join(', ');
  return { source: 'claim', name, claims, label: `JWT claim ${name}`, rule };
}

function noClaim(rule: string): FieldOrigin {
  return { source: 'default', name: 'default', label: 'default: no claim', rule };
}
