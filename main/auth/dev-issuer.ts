import { CompactSign } from 'jose';
import { DEV_ISSUER_ALGORITHM } from '../config/settings/dev-issuer.ts';
import { WorkbenchError } from '../contract/errors.ts';
import { ISSUER_ROUTES, type JsonObject } from '../contract/http.ts';
import type { DevIssuerView } from '../contract/token.ts';
import { type IssuerKey, loadIssuerKey, type PublicJwk, replaceIssuerKey } from './issuer-key.ts';

/**
 * An issuer of this runtime's own, so that external mode can be tried without a provider or a network. It signs what the
 * developer asks for, whoever that claims to be: so it has no token endpoint, signing is for the Inspector alone, and what it
 * serves over HTTP is public. The verifier learns nothing from it but through that HTTP, as with any other issuer.
 */
export interface DevIssuer {
  /** `iss` of its tokens. */
  readonly url: string;
  /**
   * Reads or makes the key; before that nothing can be signed.
   * @throws {WorkbenchError} CONFLICT when the kept key is damaged
   */
  load(): Promise<void>;
  discovery(): JsonObject;
  keySet(): { readonly keys: readonly PublicJwk[] };
  /** Signs claims exactly as given. */
  sign(claims: JsonObject): Promise<string>;
  /** Makes a new key; the old one is gone from the key set at once. */
  rotate(): Promise<void>;
  view(): DevIssuerView;
  /** What the user should know, or null. */
  notice(): string | null;
}

/** Makes the issuer called `url`, whose key is kept in the file `keyPath`. */
export function createDevIssuer(url: string, keyPath: string): DevIssuer {
  let key: IssuerKey | null = null;
  let rotation: Promise<void> | null = null;

  const loaded = (): IssuerKey => {
    if (key === null) throw new WorkbenchError('NOT_READY', 'The development issuer has no key yet');
    return key;
  };
  const replace = async (): Promise<void> => {
    try {
      key = await replaceIssuerKey(keyPath);
    } finally {
      rotation = null;
    }
  };
  return {
    url,
    async load() {
      key ??= await loadIssuerKey(keyPath);
    },
    discovery: () => discoveryDocument(url),
    keySet: () => ({ keys: [loaded().publicJwk] }),
    sign: (claims) => signWith(loaded(), claims),
    rotate() {
      rotation ??= replace();
      return rotation;
    },
    view: () => describeIssuer(url, loaded()),
    notice: () => key?.notice ?? null,
  };
}

function signWith({ privateKey, publicJwk }: IssuerKey, claims: JsonObject): Promise<string> {
  return new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: DEV_ISSUER_ALGORITHM, kid: publicJwk.kid, typ: 'JWT' })
    .sign(privateKey);
}

/** No endpoint for logins or tokens is named, since there is none: only what a verifier needs. */
function discoveryDocument(url: string): JsonObject {
  return {
    issuer: url,
    jwks_uri: `${url}${ISSUER_ROUTES.jwks}`,
    response_types_supported: ['none'],
    grant_types_supported: [],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [DEV_ISSUER_ALGORITHM],
  };
}

function describeIssuer(url: string, { publicJwk, madeAt, keptIn }: IssuerKey): DevIssuerView {
  return {
    url,
    discoveryUrl: `${url}${ISSUER_ROUTES.discovery}`,
    jwksUrl: `${url}${ISSUER_ROUTES.jwks}`,
    kid: publicJwk.kid,
    madeAt,
    keptIn,
  };
}
