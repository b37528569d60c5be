import type { CryptoKey } from 'jose';
import type { AuthConfig } from '../config/types.ts';
import type { TokenRemedy } from '../contract/trace.ts';
import { createKeySource, type KeyHeader, type KeySource } from './jwks.ts';
import { unknownKeyRemedy, unreachableKeysRemedy } from './remedies.ts';
import { INVALID_TOKEN } from './steps.ts';

/** The key that one token is verified with, or why there is none. */
type KeyResult =
  | { readonly ok: true; readonly key: CryptoKey | Uint8Array; readonly detail: string }
  | {
      readonly ok: false;
      readonly detail: string;
      readonly remedy: TokenRemedy;
      /** For the 401's body. */
      readonly refusal: string;
    };

/** Where one mode looks for keys. Local and external mode share no key path. */
export interface KeyFinder {
  find(header: KeyHeader): Promise<KeyResult>;
}

/** The configured secret; the header has no say in it. */
export function localKeys(secret: string): KeyFinder {
  const key = new TextEncoder().encode(secret);
  return { find: async () => ({ ok: true, key, detail: 'JWT_SECRET.' }) };
}

/** The provider's keys; `now` in milliseconds since the Unix epoch, `onFetched` as for `createKeySource`. */
export function externalKeys(
  auth: Extract<AuthConfig, { mode: 'external' }>,
  now: () => number,
  onFetched: () => void,
): KeyFinder & Pick<KeySource, 'notice' | 'view'> {
  const source = createKeySource(auth.jwksUrl, now, onFetched);
  const find: KeyFinder['find'] = async (header) => {
    const found = await source.find(header);
    const { kind, detail } = found;
    if (kind === 'key') return { ok: true, key: found.key, detail };
    if (kind === 'unknown') {
      return { ok: false, detail, remedy: unknownKeyRemedy(auth), refusal: INVALID_TOKEN };
    }
    const refusal = "Signing keys can't be fetched from the identity provider";
    return { ok: false, detail, remedy: unreachableKeysRemedy(auth), refusal };
  };
  return { find, notice: source.notice, view: source.view };
}
