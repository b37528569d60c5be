import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  exportPKCS8,
  generateKeyPair,
  importPKCS8,
} from 'jose';
import { createKept, isSystemError, narrowKept, readSecret, replaceKept } from '../config/local-secret.ts';
import { DEV_ISSUER_ALGORITHM } from '../config/settings/dev-issuer.ts';
import { WorkbenchError } from '../contract/errors.ts';

/**
 * The development issuer's signing key: made once, kept per user, readable by that user alone. Whoever reads it can be
 * anyone to a runtime that trusts this issuer, so the private half goes from the file to the signer and nowhere else: no
 * configuration, trace, log or answer ever holds it.
 */
export interface IssuerKey {
  readonly privateKey: CryptoKey;
  readonly publicJwk: PublicJwk;
  /** When it was made; ms since the epoch. */
  readonly madeAt: number;
  /** The file it is kept in; null when it lives for this run only. */
  readonly keptIn: string | null;
  readonly notice: string | null;
}

/** What may be known of it: named one by one, so that no private member can slip into a document. */
export interface PublicJwk {
  readonly kty: string;
  readonly n: string;
  readonly e: string;
  readonly kid: string;
  readonly alg: string;
  readonly use: 'sig';
}

/**
 * Reads the kept key or makes it. A folder that can't be written gives a key for this run, and says so.
 * @throws {WorkbenchError} CONFLICT when the file holds something else
 */
export async function loadIssuerKey(path: string): Promise<IssuerKey> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const pem = (await readSecret(path)) ?? (await createKept(path, await makePem()));
    const notice = await narrowKept(path);
    return { ...(await importKey(pem, path)), madeAt: (await stat(path)).mtimeMs, keptIn: path, notice };
  } catch (error) {
    if (!isSystemError(error) || error instanceof WorkbenchError) throw error;
    return forThisRun(await makePem(), path, error.code);
  }
}

/** Puts a new key in the place of the kept one. */
export async function replaceIssuerKey(path: string): Promise<IssuerKey> {
  const pem = await makePem();
  try {
    await replaceKept(path, pem);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return forThisRun(pem, path, error.code);
  }
  return { ...(await importKey(pem, path)), madeAt: Date.now(), keptIn: path, notice: null };
}

async function makePem(): Promise<string> {
  const { privateKey } = await generateKeyPair(DEV_ISSUER_ALGORITHM, { extractable: true });
  return exportPKCS8(privateKey);
}

async function forThisRun(pem: string, path: string, code: string): Promise<IssuerKey> {
  const notice = `The development issuer's key can't be kept in ${path} (${code}): its tokens end with this run.`;
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
      `The development issuer's key in ${path} is no RSA private key (PKCS#8): delete that file to get a new one`,
    );
  }
}
