import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  CompactSign,
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  exportPKCS8,
  generateKeyPair,
  importPKCS8,
} from 'jose';
import { readSecret, restrictFile } from '../config/local-secret.ts';
import { DEV_ISSUER_ALGORITHM } from '../config/settings/dev-issuer.ts';
import { WorkbenchError } from '../contract/errors.ts';
import { ISSUER_ROUTES, type JsonObject } from '../contract/http.ts';
import type { DevIssuerView } from '../contract/token.ts';
import { createFileOnce, PRIVATE_FILE_MODE, replaceFile } from '../system/atomic-file.ts';
import { errorCode } from '../system/errors.ts';

/**
 * An issuer of this runtime's own, so that external mode can be tried without a provider or a network. It
 * signs what the developer asks for, in any name: so it has no token endpoint, signing is for the Inspector
 * alone, and what it serves over HTTP is public. The verifier learns about it over that HTTP only, as with
 * any other issuer.
 */
export interface DevIssuer {
  /** `iss` of its tokens. */
  readonly url: string;
  /**
   * Reads or makes the key; before that nothing can be signed.
   * @throws {WorkbenchError} CONFLICT when the stored key is damaged
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

/** Makes the issuer called `url`, whose key is stored in the file `keyPath`. */
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

/**
 * The development issuer's signing key: made once and stored per user, readable by that user alone. Anyone
 * who reads it can pose as anyone to a runtime that trusts this issuer; so the private half goes from the
 * file to the signer and nowhere else: no configuration, trace, log or answer ever holds it.
 */
interface IssuerKey {
  readonly privateKey: CryptoKey;
  readonly publicJwk: PublicJwk;
  /** When it was made; ms since the epoch. */
  readonly madeAt: number;
  /** The file it is stored in; null when it lives for this run only. */
  readonly keptIn: string | null;
  readonly notice: string | null;
}

/** What may be known of it: named one by one, so that no private member can slip into a document. */
interface PublicJwk {
  readonly kty: string;
  readonly n: string;
  readonly e: string;
  readonly kid: string;
  readonly alg: string;
  readonly use: 'sig';
}

/**
 * Reads the stored key or makes one. Where the folder can't be written, the key lasts for this run and says
 * so.
 * @throws {WorkbenchError} CONFLICT when the file holds something else
 */
export async function loadIssuerKey(path: string): Promise<IssuerKey> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const pem = (await readSecret(path)) ?? (await createFileOnce(path, `${await makePem()}\n`));
    const notice = await restrictFile(path);
    return { ...(await importKey(pem, path)), madeAt: (await stat(path)).mtimeMs, keptIn: path, notice };
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined || error instanceof WorkbenchError) throw error;
    return forThisRun(await makePem(), path, code);
  }
}

/** Puts a new key in place of the stored one. */
async function replaceIssuerKey(path: string): Promise<IssuerKey> {
  const pem = await makePem();
  try {
    await replaceFile(path, `${pem}\n`, { mode: PRIVATE_FILE_MODE });
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    return forThisRun(pem, path, code);
  }
  return { ...(await importKey(pem, path)), madeAt: Date.now(), keptIn: path, notice: null };
}

async function makePem(): Promise<string> {
  const { privateKey } = await generateKeyPair(DEV_ISSUER_ALGORITHM, { extractable: true });
  return exportPKCS8(privateKey);
}

async function forThisRun(pem: string, path: string, code: string): Promise<IssuerKey> {
  const notice = `The development issuer's key can't be stored in ${path} (${code}): its tokens end with this run.`;
  return { ...(await importKey(pem, path)), madeAt: Date.now(), keptIn: null, notice };
}

async function importKey(pem: string, path: string): Promise<Pick<IssuerKey, 'privateKey' | 'publicJwk'>> {
  try {
    const privateKey = await importPKCS8(pem, DEV_ISSUER_ALGORITHM, { extractable: true });
    const { kty = '', n = '', e = '' } = await exportJWK(privateKey);
    const kid = `dev-${(await calculateJwkThumbprint({ kty, n, e })).slice(0, 12)}`;
    return { privateKey, publicJwk: { kty, n, e, kid, alg: DEV_ISSUER_ALGORITHM, use: 'sig' } };
  } catch {
    // No cause: the error of a parser may quote what it parsed.
    throw new WorkbenchError(
      'CONFLICT',
      `The development issuer's key in ${path} is not an RSA private key (PKCS#8): delete that file to get a new one`,
    );
  }
}
