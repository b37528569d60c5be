import { CompactSign } from 'jose';
import type { HmacAlgorithm } from '../config/types.ts';
import type { JsonObject } from '../contract/http.ts';

/** Signs claims exactly as given. */
export type Sign = (claims: JsonObject) => Promise<string>;

/** Signs as a local-mode runtime with this secret verifies. */
export function hmacSigner({
  secret,
  algorithm,
}: {
  readonly secret: string;
  readonly algorithm: HmacAlgorithm;
}): Sign {
  const encoder = new TextEncoder();
  return (claims) =>
    new CompactSign(encoder.encode(JSON.stringify(claims)))
      .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
      .sign(encoder.encode(secret));
}
