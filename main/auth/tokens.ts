import { CompactSign } from 'jose';
import type { AuthConfig, ClaimNames } from '../config.ts';
import { WorkbenchError } from '../contract/errors.ts';
import type { JsonObject } from '../contract/http.ts';
import { PERSONAS, type PersonaId, type PersonaView } from '../contract/run.ts';

/** Identities to try plugins with: tokens minted with the local secret. External mode holds no private key. */

const HOUR = 3600;
const NO_KEY =
  'External mode: only your identity provider can sign tokens. Paste one of its tokens as your own.';

interface Persona {
  readonly label: string;
  readonly description: string;
  /** Null for those that need no minting. `now` in seconds. */
  readonly claims: ((names: ClaimNames, now: number) => JsonObject) | null;
}

const person = (id: string, roles: readonly string[], names: ClaimNames, now: number): JsonObject => ({
  [names.userId ?? 'sub']: `user-${id}`,
  [names.username ?? 'username']: id,
  [names.email ?? 'email']: `${id}@example.com`,
  [names.roles ?? 'roles']: [...roles],
  iat: now,
  exp: now + HOUR,
});

const user = (names: ClaimNames, now: number) => person('dana', ['user'], names, now);

const PERSONA: Readonly<Record<PersonaId, Persona>> = {
  anonymous: { label: 'Anonymous', description: 'Sends no token.', claims: null },
  user: { label: 'User', description: 'An ordinary user with the role "user".', claims: user },
  admin: {
    label: 'Admin',
    description: 'A user with the roles "user" and "admin".',
    claims: (names, now) => person('ada', ['user', 'admin'], names, now),
  },
  superadmin: {
    label: 'Superadmin',
    description: 'Holds the superadmin role and the superadmin claim.',
    claims: (names, now) => ({
      ...person('sam', ['user', names.superadminRole], names, now),
      [names.superadmin ?? 'is_superadmin']: true,
    }),
  },
  expired: {
    label: 'Expired',
    description: 'A user whose token expired an hour ago; refused with 401.',
    claims: (names, now) => ({ ...user(names, now), iat: now - 2 * HOUR, exp: now - HOUR }),
  },
  'wrong-audience': {
    label: 'Wrong audience',
    description:
      'Meant for another service. Local mode checks no audience and accepts it; production refuses it.',
    claims: (names, now) => ({ ...user(names, now), aud: 'another-service' }),
  },
  'no-subject': {
    label: 'No subject',
    description: 'A token that names no user; refused with 401.',
    claims: (names, now) => {
      const { [names.userId ?? 'sub']: _subject, ...rest } = user(names, now);
      return rest;
    },
  },
  custom: { label: 'Your own', description: 'Sends the token you give, exactly as it is.', claims: null },
};

/** Every persona as it can be used in this mode; `now` in milliseconds since the Unix epoch. */
export function personaViews(auth: AuthConfig, now: number): readonly PersonaView[] {
  return PERSONAS.map((id) => {
    const { label, description, claims } = PERSONA[id];
    const minted = auth.mode === 'local' && claims ? claims(auth.claims, Math.floor(now / 1000)) : null;
    return { id, label, description, unavailable: claims && !minted ? NO_KEY : null, claims: minted };
  });
}

/**
 * The token a persona sends; null for none.
 *
 * @throws WorkbenchError BAD_REQUEST when the persona can't be used here, or `custom` comes without a token.
 */
export async function personaToken(
  auth: AuthConfig,
  persona: PersonaId,
  custom: string | undefined,
  now: number = Date.now(),
): Promise<string | null> {
  if (persona === 'anonymous') return null;
  if (persona === 'custom') return customToken(custom);
  const { claims } = PERSONA[persona];
  return mintToken(auth, claims?.(auth.claims, Math.floor(now / 1000)) ?? {});
}

/** It goes into a header line, so it may hold anything but what would end that line. */
function customToken(token: string | undefined): string {
  const trimmed = token?.trim() ?? '';
  if (/^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(trimmed)) return trimmed;
  const problem = trimmed === '' ? 'needs a token' : 'holds characters that no header can carry';
  throw new WorkbenchError('BAD_REQUEST', `The persona "Your own" ${problem}: paste a token.`);
}

/**
 * Signs claims with the local secret, exactly as given: without exp or with nonsense in it the runtime will refuse it, which is what
 * such tokens are minted for.
 *
 * @throws WorkbenchError BAD_REQUEST in external mode.
 */
export async function mintToken(auth: AuthConfig, claims: JsonObject): Promise<string> {
  if (auth.mode === 'external') throw new WorkbenchError('BAD_REQUEST', NO_KEY);
  const encoder = new TextEncoder();
  return new CompactSign(encoder.encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: auth.algorithm, typ: 'JWT' })
    .sign(encoder.encode(auth.secret));
}
