import type { JSONWebKeySet, JWK } from 'jose';
import { errorCode, errorMessage } from '../system/errors.ts';

/**
 * Fetches a JWKS. The answer is untrusted until it is parsed: its size, its duration and redirects are
 * limited before any of it is used.
 */

const MAX_BYTES = 256 * 1024;
const MAX_KEYS = 100;
const TIMEOUT_MS = 5000;

/** Why no keys arrived, so that a developer can act on it. */
export class KeyFetchError extends Error {
  constructor(reason: string, options?: { cause?: unknown }) {
    super(reason, options);
    this.name = 'KeyFetchError';
  }
}

/**
 * Fetches and filters the key set. Redirects aren't followed: they could lead anywhere, to plain files
 * included.
 *
 * @throws KeyFetchError on any failure.
 */
export async function fetchKeySet(url: string): Promise<JSONWebKeySet> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      signal,
      headers: { accept: 'application/json, application/jwk-set+json' },
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new KeyFetchError(describeStatus(response.status));
    }
    return parseKeySet(await readLimited(response));
  } catch (error) {
    if (error instanceof KeyFetchError) throw error;
    if (signal.aborted) throw new KeyFetchError(`no answer within ${TIMEOUT_MS / 1000} s`, { cause: error });
    throw new KeyFetchError(describeFailure(error), { cause: error });
  }
}

function describeStatus(status: number): string {
  const redirect = status === 0 || (status >= 300 && status < 400);
  return redirect ? `HTTP ${status}: redirects are not followed, set the final address` : `HTTP ${status}`;
}

/** fetch() says "fetch failed"; the reason, such as ECONNREFUSED, is in its cause. */
function describeFailure(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return errorCode(cause) ?? errorMessage(cause);
}

async function readLimited(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    bytes += part.value.byteLength;
    if (bytes > MAX_BYTES) {
      await reader?.cancel();
      throw new KeyFetchError(`the answer is larger than ${MAX_BYTES / 1024} KiB`);
    }
    parts.push(part.value);
  }
  return Buffer.concat(parts).toString('utf8');
}

/**
 * Keeps public signature keys alone: a symmetric key in a public document would let its readers sign. None
 * left is an answer too: the provider withdrew them all.
 */
function parseKeySet(text: string): JSONWebKeySet {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new KeyFetchError('the answer is not JSON', { cause: error });
  }
  const keys: unknown = isRecord(value) ? value.keys : undefined;
  if (!Array.isArray(keys)) throw new KeyFetchError('the answer is not a key set: it has no list "keys"');
  if (keys.length > MAX_KEYS) throw new KeyFetchError(`the key set has more than ${MAX_KEYS} keys`);
  return { keys: keys.filter(isPublicKey) };
}

function isPublicKey(value: unknown): value is JWK {
  return (
    isRecord(value) &&
    (value.kty === 'RSA' || value.kty === 'EC' || value.kty === 'OKP') &&
    !Object.hasOwn(value, 'd') &&
    (value.use === undefined || value.use === 'sig') &&
    (value.kid === undefined || typeof value.kid === 'string')
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
