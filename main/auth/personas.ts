import type { AuthConfig, ClaimNames } from '../config/types.ts';
import type { JsonObject } from '../contract/http.ts';
import type { PersonaId } from '../contract/run.ts';

/** Identities to try plugins with: who they are and what their tokens claim. */

const HOUR = 3600;

export interface Persona {
  readonly label: string;
  /** What happens to a call with it in this mode. */
  readonly description: (auth: AuthConfig) => string;
  /** Null for those that need no minting. `now` in seconds since the Unix epoch. */
  readonly claims: ((auth: AuthConfig, now: number) => JsonObject) | null;
}

const always = (text: string) => () => text;

const person = (id: string, roles: readonly string[], auth: AuthConfig, now: number): JsonObject => {
  const names: ClaimNames = auth.claims;
  const claims: JsonObject = {
    [names.userId ?? 'sub']: `user-${id}`,
    [names.username ?? 'username']: id,
    [names.email ?? 'email']: `${id}@example.com`,
    [names.roles ?? 'roles']: [...roles],
    iat: now,
    exp: now + HOUR,
  };
  return auth.mode === 'external' ? { iss: auth.issuer, aud: auth.audience, ...claims } : claims;
};

const user = (auth: AuthConfig, now: number) => person('dana', ['user'], auth, now);

export const PERSONA: Readonly<Record<PersonaId, Persona>> = {
  anonymous: {
    label: 'Anonymous',
    description: (auth) =>
      auth.mode === 'local' && !auth.requireToken
        ? 'Sends no token.'
        : 'Sends no token; refused with 401, since one is mandatory.',
    claims: null,
  },
  user: { label: 'User', description: always('An ordinary user with the role "user".'), claims: user },
  admin: {
    label: 'Admin',
    description: always('A user with the roles "user" and "admin".'),
    claims: (auth, now) => person('ada', ['user', 'admin'], auth, now),
  },
  superadmin: {
    label: 'Superadmin',
    description: always('Holds the superadmin role and the superadmin claim.'),
    claims: (auth, now) => ({
      ...person('sam', ['user', auth.claims.superadminRole], auth, now),
      [auth.claims.superadmin ?? 'is_superadmin']: true,
    }),
  },
  expired: {
    label: 'Expired',
    description: always('A user whose token expired an hour ago; refused with 401.'),
    claims: (auth, now) => ({ ...user(auth, now), iat: now - 2 * HOUR, exp: now - HOUR }),
  },
  'wrong-audience': {
    label: 'Wrong audience',
    description: ({ mode }) =>
      mode === 'local'
        ? 'Meant for another service. Local mode checks no audience and accepts it; production refuses it.'
        : 'Meant for another service; refused with 401.',
    claims: (auth, now) => ({ ...user(auth, now), aud: 'another-service' }),
  },
  'no-subject': {
    label: 'No subject',
    description: always('A token that names no user; refused with 401.'),
    claims: (auth, now) => {
      const { [auth.claims.userId ?? 'sub']: _subject, ...rest } = user(auth, now);
      return rest;
    },
  },
  custom: {
    label: 'Your own',
    description: always('Sends the token you give, exactly as it is.'),
    claims: null,
  },
};
