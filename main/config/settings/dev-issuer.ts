import { ISSUER_ROUTES } from '../../contract/http.ts';
import type { Layer } from '../layers.ts';
import { createReader, type Reader, type Variable } from '../reader.ts';
import type { DevIssuerConfig, ExternalAuthConfig } from '../types.ts';
import { flag, type Parse, text, wholeNumber } from '../values.ts';

/**
 * The development issuer's variables. It replaces an identity provider, so that external mode can be tried
 * without one: the runtime then signs tokens with a key of its own and verifies them as it would any
 * provider's.
 */

export type ProviderSettings = Pick<ExternalAuthConfig, 'jwksUrl' | 'issuer' | 'audience'>;

/** What each variable of a provider is for. */
export const PROVIDER: Readonly<Record<keyof ProviderSettings, string>> = {
  jwksUrl: 'Where the signing keys are fetched.',
  issuer: 'The only iss that is accepted.',
  audience: 'The aud that a token must hold.',
};

/** The algorithm that the development issuer signs with. */
export const DEV_ISSUER_ALGORITHM = 'RS256';

const SWITCH: Variable<boolean> = {
  name: 'MOZAIKS_DEV_ISSUER',
  description:
    'External mode with an issuer of this runtime’s own, on loopback: to try it without a provider.',
  parse: flag,
  fallback: false,
  fallbackText: 'false',
  show: String,
};

/** A fixed default: the port is part of `iss`, and tokens should outlive a restart. */
const PORT: Variable<number> = {
  name: 'MOZAIKS_DEV_ISSUER_PORT',
  description: 'The development issuer’s port on 127.0.0.1; part of the iss in its tokens.',
  parse: wholeNumber(1, 65_535),
  fallback: 8770,
  fallbackText: '8770',
};

/**
 * In local mode nothing external is trusted, so the switch does nothing there; being silent about it would
 * mislead.
 */
export function noteUnusedDevIssuer(reader: Reader): void {
  if (reader.read(SWITCH)) {
    reader.notice(
      'MOZAIKS_DEV_ISSUER has no effect in local mode: set MOZAIKS_AUTH_MODE=external to try external mode with it.',
    );
  }
}

/** The development issuer of external mode; null when it is off. */
export function resolveDevIssuer(reader: Reader): DevIssuerConfig | null {
  return reader.read(SWITCH) ? { port: reader.read(PORT) } : null;
}

/**
 * What lies on top of the other settings once external mode is chosen while running; an issuer set elsewhere
 * gives way.
 */
export function trialLayer(layers: readonly Layer[]): Layer {
  const issuer = devIssuerUrl({ port: createReader(layers).read(PORT) });
  return {
    source: 'window',
    place: 'chosen while running',
    values: {
      MOZAIKS_AUTH_MODE: 'external',
      [SWITCH.name]: 'true',
      MOZAIKS_ISSUER: issuer,
      MOZAIKS_JWKS_URL: `${issuer}${ISSUER_ROUTES.jwks}`,
    },
  };
}

/** `iss` of the development issuer, and the address that its documents are served below. */
export function devIssuerUrl({ port }: DevIssuerConfig): string {
  return `http://127.0.0.1:${port}`;
}

/** The settings of a provider, pointed at the development issuer. The audience stays the user's to choose. */
export function resolveOwnProvider(reader: Reader, devIssuer: DevIssuerConfig): ProviderSettings {
  const issuer = devIssuerUrl(devIssuer);
  return {
    jwksUrl: given(reader, 'MOZAIKS_JWKS_URL', PROVIDER.jwksUrl, `${issuer}${ISSUER_ROUTES.jwks}`),
    issuer: given(reader, 'MOZAIKS_ISSUER', PROVIDER.issuer, issuer),
    audience: reader.read<string>({
      name: 'MOZAIKS_AUDIENCE',
      description: PROVIDER.audience,
      parse: text,
      fallback: 'mozaiks-workbench',
      fallbackText: 'mozaiks-workbench',
    }),
  };
}

/** Two providers at once would leave unclear whose tokens are good: another one's address is a mistake. */
function given(reader: Reader, name: string, description: string, value: string): string {
  if (!reader.isSet(name)) {
    const origin = 'development issuer (MOZAIKS_DEV_ISSUER)';
    reader.setting({ name, value, source: 'generated', origin, description, secret: false });
    return value;
  }
  const parse: Parse<string> = (found) =>
    found === value ? { ok: true, value } : { ok: false, remedy: conflict(value) };
  return reader.read({ name, description, parse, fallback: value, fallbackText: null });
}

function conflict(value: string): string {
  return `conflicts with MOZAIKS_DEV_ISSUER, whose value here is ${value}; remove one of the two`;
}

/** Refuses a list that would refuse every token of the development issuer. */
export function withDevAlgorithm(parse: Parse<readonly string[]>): Parse<readonly string[]> {
  return (value) => {
    const parsed = parse(value);
    if (!parsed.ok || parsed.value.includes(DEV_ISSUER_ALGORITHM)) return parsed;
    const remedy = `the development issuer signs with ${DEV_ISSUER_ALGORITHM}; add it, or set MOZAIKS_DEV_ISSUER=false`;
    return { ok: false, remedy };
  };
}
