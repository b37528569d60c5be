import { expect, it } from 'vitest';
import { createVerifier, type Verifier } from '../../main/auth/verify.ts';
import { verifier as localVerifier } from './refusal.ts';
import { pkcs1Vectors, pssVectors } from './rsa-vectors.ts';
import { external, keySet, NOW, serveKeys } from './signing.ts';
import {
  algorithmVectors,
  ecdsaVectors,
  hmacVectors,
  KEYS,
  keyVectors,
  partVectors,
  type Vector,
} from './vectors.ts';

const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES512'];

const hmac = hmacVectors();
const byKey = keyVectors();
const inExternalMode: readonly (readonly [family: string, vectors: readonly Vector[]])[] = [
  ['parts changed or missing, keys brought along', partVectors()],
  ['RSA with PKCS #1 v1.5', pkcs1Vectors()],
  ['RSA with PSS', pssVectors()],
  ['another algorithm than the key’s, none', algorithmVectors()],
  ['keys made for something else', byKey],
  ['ECDSA', ecdsaVectors()],
];
const all = [hmac, ...inExternalMode.map(([, vectors]) => vectors)].flat();

async function externalVerifier(keys: readonly Record<string, unknown>[] = KEYS): Promise<Verifier> {
  const { url } = await serveKeys(keySet(...keys));
  return createVerifier(external(url, { algorithms: ALGORITHMS }), () => NOW);
}

/** Those whose verdict isn't the expected one, with what became of them. */
async function unexpected(vectors: readonly Vector[], judge: Verifier): Promise<readonly string[]> {
  const found = await Promise.all(
    vectors.map(async ({ id, change, token, refusedAt }) => {
      const { ok, view } = await judge.verify(token);
      const failed = view.steps.find(({ verdict }) => verdict === 'failed')?.check ?? null;
      expect(ok).toBe(view.verified);
      return ok === (refusedAt === null) && failed === refusedAt ? [] : [`${id} (${change}): ${failed}`];
    }),
  );
  return found.flat();
}

/** Numbers as ranges: "1-3, 5". */
function ranges(numbers: readonly number[]): string {
  const starts = numbers.filter((number) => !numbers.includes(number - 1));
  const ends = numbers.filter((number) => !numbers.includes(number + 1));
  return starts.map((start, at) => (start === ends[at] ? `${start}` : `${start}-${ends[at]}`)).join(', ');
}

/** Valid in public, and refused here by rules that are stricter than JWS. */
const REFUSED_ON_PURPOSE = [
  // The key set says another algorithm of the key than the token uses.
  [346, 347, 350, 351],
  // A letter that base64url doesn't have; some decoders pass over it.
  [372, 373],
].flat();

it('J16: every public vector has its counterpart, refused where it should be', () => {
  const inOrder = all.toSorted((a, b) => a.id - b.id);
  const at = (check: Vector['refusedAt']) =>
    inOrder.filter(({ refusedAt }) => refusedAt === check).map(({ id }) => id);

  expect(inOrder.map(({ id }) => id)).toEqual(Array.from({ length: 401 }, (_, index) => index + 1));
  expect(ranges([...at(null), ...REFUSED_ON_PURPOSE].toSorted((a, b) => a - b))).toBe(
    '1, 18, 33, 259-275, 287-288, 320-323, 325-328, 345-352, 357-359, 372-373, 376-378',
  );
  expect(ranges(at('shape'))).toBe(
    '3-4, 6-7, 9-17, 20-21, 23-24, 26-30, 32, 35-36, 38-39, 41-45, 341-344, 360-375',
  );
  expect(ranges(at('algorithm'))).toBe('31');
  expect(ranges(at('key'))).toBe('25, 40, 332, 334, 336, 338, 340, 346-347, 350-351, 353-356');
  expect(ranges(at('signature'))).toBe(
    '2, 5, 8, 19, 22, 34, 37, 46-258, 276-286, 289-319, 324, 329-331, 333, 335, 337, 339, 379-401',
  );
});

it('J16: HMAC', async () => {
  expect(await unexpected(hmac, localVerifier)).toEqual([]);
});

it.each(inExternalMode)('J16: %s', async (_family, vectors) => {
  expect(await unexpected(vectors, await externalVerifier())).toEqual([]);
});

it('J16: what a key says of itself is all that speaks against those refused at the key', async () => {
  const silent = KEYS.map(({ alg: _alg, use: _use, key_ops: _ops, ...key }: Record<string, unknown>) => key);
  const accepted = byKey.map((vector) => ({ ...vector, refusedAt: null }));
  expect(await unexpected(accepted, await externalVerifier(silent))).toEqual([]);
});
