import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createFileOnce } from '../system/atomic-file.ts';
import { errorCode } from '../system/errors.ts';
import { readSecret, restrictFile } from './local-secret.ts';

/**
 * How a runtime proves to the command line that it is the same user's, before that signs a token for it or
 * sends it one: by a key that this user alone can read. Any program may ask for a proof, and could pass one on;
 * so a proof counts once, for the challenge it answers, and only where it was made: at the address and port
 * that the asker is connected to.
 */

/** Random and never the same, so that no proof can be used again. */
export function createChallenge(): string {
  return randomBytes(CHALLENGE_BYTES).toString('base64url');
}

const CHALLENGE_BYTES = 32;

/**
 * Makes the key when there is none yet.
 * @param endpoint where the question arrived, as `formatEndpoint` writes it
 * @returns null for what is not a challenge, and where the key can be neither read nor stored
 */
export async function proveRuntime(
  folder: string,
  challenge: string,
  endpoint: string,
): Promise<string | null> {
  if (!/^[\w-]{43}$/.test(challenge)) return null;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = pathOf(folder);
    const key = (await readSecret(path)) ?? (await createFileOnce(path, newKey()));
    await restrictFile(path);
    return sign(key, challenge, endpoint);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return null;
  }
}

/** Whether `proof` was made for this challenge with the key in this folder, at this end of a connection. */
export async function isRuntimeProof(
  folder: string,
  {
    challenge,
    endpoint,
    proof,
  }: { readonly challenge: string; readonly endpoint: string; readonly proof: string },
): Promise<boolean> {
  try {
    const key = await readSecret(pathOf(folder));
    if (key === null || key.length < MIN_KEY_LENGTH) return false;
    const [given, right] = [Buffer.from(proof), Buffer.from(sign(key, challenge, endpoint))];
    return given.length === right.length && timingSafeEqual(given, right);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return false;
  }
}

const MIN_KEY_LENGTH = 43;

const newKey = () => randomBytes(32).toString('base64url');

function pathOf(folder: string): string {
  return join(folder, 'runtime-key');
}

function sign(key: string, challenge: string, endpoint: string): string {
  return createHmac('sha256', key).update(`mozaiks-workbench\n${endpoint}\n${challenge}`).digest('base64url');
}
