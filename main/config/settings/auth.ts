import { type Layer, ownValue } from '../layers.ts';
import { createReader, MASK, numberVariable, type Reader, type Variable } from '../reader.ts';
import type { AuthConfig, ClaimNames, HmacAlgorithm, LocalSecret } from '../types.ts';
import { flag, hmacSecret, httpUrl, listOf, oneOf, type Parse, text } from '../values.ts';
import {
  noteUnusedDevIssuer,
  PROVIDER,
  type ProviderSettings,
  resolveDevIssuer,
  resolveOwnProvider,
  withDevAlgorithm,
} from './dev-issuer.ts';

/**
 * The variables about identity (CONTRACT.md §3, §5). Local and external mode read different keys and share
 * none.
 */

const MODES = {
  local: 'local',
  jwt: 'local',
  external: 'external',
  oidc: 'external',
  platform: 'external',
} as const;

const HMAC: readonly HmacAlgorithm[] = ['HS256', 'HS384', 'HS512'];

/** Signatures only: `none` and HMAC would let anyone who can read a public key set sign tokens. */
const ASYMMETRIC = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' ');

const authMode: Variable<'local' | 'external'> = {
  name: 'MOZAIKS_AUTH_MODE',
  description: 'local: tokens signed with JWT_SECRET, or none. external: tokens of your identity provider.',
  parse: (value) => {
    const named = oneOf(Object.keys(MODES) as (keyof typeof MODES)[])(value.toLowerCase());
    return named.ok ? { ok: true, value: MODES[named.value] } : named;
  },
  fallback: 'local',
  fallbackText: 'local',
  show: (mode) => mode,
};

const leeway = numberVariable(
  'MOZAIKS_JWT_LEEWAY_SECONDS',
  60,
  [0, 600],
  'By how many seconds a token’s exp and nbf may be off; production allows none.',
);

/** Whether local mode is on and no JWT_SECRET is set, so that the stored one is needed. */
export function needsLocalSecret(layers: readonly Layer[]): boolean {
  const reader = createReader(layers);
  return reader.read(authMode) === 'local' && !reader.isSet('JWT_SECRET') && !isBlankSecret(layers);
}

function isBlankSecret(layers: readonly Layer[]): boolean {
  return layers.some(({ values }) => Object.hasOwn(values, 'JWT_SECRET') && values.JWT_SECRET !== undefined);
}

/** Every value that must never be shown, also of layers that lost; short ones would mask ordinary words. */
export function secretValues(layers: readonly Layer[], localSecret: LocalSecret | null): readonly string[] {
  const set = layers.flatMap(({ values }) => [
    values.JWT_SECRET,
    ownValue(values, 'JWT_SECRET'),
    ownValue(values, 'INTERNAL_API_KEY'),
  ]);
  return [...new Set([...set, localSecret?.secret])].filter(
    (value): value is string => (value?.length ?? 0) >= 8,
  );
}

export function resolveAuth(reader: Reader, localSecret: LocalSecret | null): AuthConfig {
  const mode = reader.read(authMode);
  return mode === 'local' ? resolveLocal(reader, localSecret) : resolveExternal(reader);
}

function resolveLocal(reader: Reader, localSecret: LocalSecret | null): AuthConfig {
  noteUnusedDevIssuer(reader);
  const algorithm = reader.read<HmacAlgorithm>({
    name: 'JWT_ALGORITHM',
    description: 'How local tokens are signed.',
    parse: oneOf(HMAC),
    fallback: 'HS256',
    fallbackText: 'HS256',
  });
  return {
    mode: 'local',
    secret: resolveSecret(reader, algorithm, localSecret),
    algorithm,
    requireToken: reader.read<boolean>({
      name: 'MOZAIKS_REQUIRE_TOKEN',
      description: 'Refuse requests without a token in local mode.',
      parse: flag,
      fallback: false,
      fallbackText: 'false',
      show: String,
    }),
    leewaySeconds: reader.read(leeway),
    claims: resolveClaims(reader),
  };
}

function resolveSecret(reader: Reader, algorithm: HmacAlgorithm, localSecret: LocalSecret | null): string {
  const name = 'JWT_SECRET';
  const description = 'Signs and verifies local tokens; at least 32 random bytes (HS384: 48, HS512: 64).';
  if (reader.isSet(name)) {
    return reader.read({
      name,
      description,
      parse: hmacSecret(algorithm),
      fallback: '',
      fallbackText: null,
      secret: true,
    });
  }
  if (!localSecret) {
    reader.problem({ name, value: '', remedy: 'is empty; give at least 32 random bytes or remove it' });
    return '';
  }
  if (localSecret.problem) reader.problem(localSecret.problem);
  if (localSecret.notice) reader.notice(localSecret.notice);
  const origin = localSecret.path ?? 'made for this run';
  reader.setting({ name, value: MASK, source: 'generated', origin, description, secret: true });
  return localSecret.secret;
}

function resolveExternal(reader: Reader): AuthConfig {
  if (reader.isSet('MOZAIKS_REQUIRE_TOKEN')) {
    reader.notice('MOZAIKS_REQUIRE_TOKEN has no effect in external mode: a token is always mandatory there.');
  }
  const devIssuer = resolveDevIssuer(reader);
  return {
    mode: 'external',
    devIssuer,
    ...(devIssuer === null ? resolveProvider(reader) : resolveOwnProvider(reader, devIssuer)),
    algorithms: reader.read<readonly string[]>({
      name: 'MOZAIKS_JWT_ALGORITHMS',
      description: 'The signature algorithms that are accepted.',
      parse: devIssuer === null ? listOf(oneOf(ASYMMETRIC)) : withDevAlgorithm(listOf(oneOf(ASYMMETRIC))),
      fallback: ['RS256'],
      fallbackText: 'RS256',
      show: (list) => list.join(', '),
    }),
    leewaySeconds: reader.read(leeway),
    claims: resolveClaims(reader),
  };
}

function resolveProvider(reader: Reader): ProviderSettings {
  const jwksUrl = mandatory(reader, 'MOZAIKS_JWKS_URL', httpUrl, PROVIDER.jwksUrl);
  if (/^http:/i.test(jwksUrl) && !/^http:\/\/(localhost|127\.|\[::1\])/i.test(jwksUrl)) {
    reader.notice('MOZAIKS_JWKS_URL is fetched over plain http: anyone on the network can replace the keys.');
  }
  return {
    jwksUrl,
    issuer: mandatory(reader, 'MOZAIKS_ISSUER', text, PROVIDER.issuer),
    audience: mandatory(reader, 'MOZAIKS_AUDIENCE', text, PROVIDER.audience),
  };
}

/** An empty issuer or audience would make jose skip the check, so unset is never accepted. */
function mandatory(reader: Reader, name: string, parse: Parse<string>, description: string): string {
  if (!reader.isSet(name)) {
    const remedy =
      'is missing; external mode has no default (MOZAIKS_DEV_ISSUER=true gives an issuer to try it with)';
    reader.problem({ name, value: null, remedy });
  }
  return reader.read({ name, description, parse, fallback: '', fallbackText: null });
}

function resolveClaims(reader: Reader): ClaimNames {
  const claim = (name: string, what: string, fallbackText: string) =>
    reader.read<string | undefined>({
      name,
      description: `The claim that gives the ${what}.`,
      parse: text,
      fallback: undefined,
      fallbackText,
    });
  const userId = claim('MOZAIKS_USER_ID_CLAIM', 'user id', 'sub, else user_id, else uid');
  const username = claim(
    'MOZAIKS_USERNAME_CLAIM',
    'username',
    'username, else preferred_username, else from the email, else the user id',
  );
  const email = claim('MOZAIKS_EMAIL_CLAIM', 'email', 'email');
  const roles = claim('MOZAIKS_ROLES_CLAIM', 'roles', 'roles, else realm_access and resource_access');
  const superadmin = claim('MOZAIKS_SUPERADMIN_CLAIM', 'superadmin flag', 'is_superadmin');
  return {
    userId,
    username,
    email,
    roles,
    superadmin,
    superadminRoleIsSet: reader.isSet('MOZAIKS_SUPERADMIN_ROLE'),
    superadminRole: reader.read<string>({
      name: 'MOZAIKS_SUPERADMIN_ROLE',
      description: 'The role that makes a superadmin; case-insensitive.',
      parse: text,
      fallback: 'superadmin',
      fallbackText: 'superadmin',
    }),
  };
}
