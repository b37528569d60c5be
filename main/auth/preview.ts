import { CompactSign, type CryptoKey, generateKeyPair } from 'jose';
import type { AuthConfig } from '../config/types.ts';
import type { JsonObject } from '../contract/http.ts';
import { type KeyFinder, localKeys } from './key-finder.ts';
import type { TokenVerdict } from './steps.ts';
import { verify } from './verify.ts';

/**
 * What claims would result in if they were signed. They are signed here, with a key that nothing else trusts,
 * and verified by the same code that verifies requests: so the preview can't be more lenient or stricter than
 * the runtime. The token itself is discarded.
 */
export type ClaimsPreview = (claims: JsonObject) => Promise<TokenVerdict>;

interface Signer extends KeyFinder {
  readonly algorithm: string;
  readonly key: CryptoKey | Uint8Array;
}

/** Makes the preview of one mode; `now` in milliseconds since the Unix epoch. */
export function createPreview(auth: AuthConfig, now: () => number): ClaimsPreview {
  let signer: Promise<Signer> | null = null;
  return async (claims) => {
    signer ??= createSigner(auth);
    const { algorithm, key, find } = await signer;
    const token = await new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
      .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
      .sign(key);
    const verdict = await verify(token, auth, { find }, () => Math.floor(now() / 1000));
    const steps = verdict.view.steps.filter(({ check, verdict: word }) =>
      check === 'shape' ? word === 'failed' : !ABOUT_THE_SIGNATURE.includes(check),
    );
    return { ...verdict, view: { ...verdict.view, header: null, steps } };
  };
}

/** Checks that claims alone say nothing about. */
const ABOUT_THE_SIGNATURE: readonly string[] = ['algorithm', 'key', 'signature'];

async function createSigner(auth: AuthConfig): Promise<Signer> {
  if (auth.mode === 'local') {
    const key = new TextEncoder().encode(auth.secret);
    return { ...localKeys(auth.secret), algorithm: auth.algorithm, key };
  }
  const [algorithm = 'RS256'] = auth.algorithms;
  const { privateKey, publicKey } = await generateKeyPair(algorithm);
  const find: KeyFinder['find'] = async () => ({ ok: true, key: publicKey, detail: '' });
  return { algorithm, key: privateKey, find };
}
