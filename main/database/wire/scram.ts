import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * The server's side of SCRAM-SHA-256 (RFC 5802, RFC 7677): client and server prove to each other that they know the
 * password, which itself is never sent, so that whoever listens on this port one day learns nothing of it.
 */

export interface ScramServer {
  /** The first message of a client; answers with the server's, or null for what can't be one. */
  start(clientFirst: string): ScramExchange | null;
}

export interface ScramExchange {
  readonly serverFirst: string;
  /** The last message of a client; answers with the server's proof, or null where the client's is wrong. */
  finish(clientFinal: string): string | null;
}

/** The least that drivers accept. The password is random, so that more would protect nothing. */
const ITERATIONS = 4_096;
const KEY_BYTES = 32;

export function createScramServer(user: string, password: string): ScramServer {
  const salt = randomBytes(KEY_BYTES - 4);
  const salted = pbkdf2Sync(password, salt, ITERATIONS, KEY_BYTES, 'sha256');
  const storedKey = createHash('sha256').update(hmac(salted, 'Client Key')).digest();
  const serverKey = hmac(salted, 'Server Key');

  return {
    start(clientFirst) {
      // No channel binding, as there is no TLS; then the name and the client's nonce.
      const [, header = '', name, clientNonce = ''] =
        /^([ny],,)n=([^,]*),r=([\x21-\x2b\x2d-\x7e]{8,200})(?:,.*)?$/.exec(clientFirst) ?? [];
      if (name === undefined) return null;
      const nonce = clientNonce + randomBytes(24).toString('base64');
      const serverFirst = `r=${nonce},s=${salt.toString('base64')},i=${ITERATIONS}`;
      const clientFirstBare = clientFirst.slice(header.length);
      return {
        serverFirst,
        finish(clientFinal) {
          const [, withoutProof = '', binding, echoed, proof = ''] =
            /^(c=([^,]*),r=([^,]*)),p=([A-Za-z\d+/=]{44})$/.exec(clientFinal) ?? [];
          if (binding !== Buffer.from(header).toString('base64') || echoed !== nonce) return null;
          const exchange = `${clientFirstBare},${serverFirst},${withoutProof}`;
          // An unknown name is looked at as long as a wrong password.
          const isProven = isProof(storedKey, exchange, Buffer.from(proof, 'base64'));
          return isProven && name === user ? `v=${hmac(serverKey, exchange).toString('base64')}` : null;
        },
      };
    },
  };
}

/** Whether the proof is the client's key, masked with a signature that only who knows the password can make. */
function isProof(storedKey: Buffer, exchange: string, proof: Buffer): boolean {
  if (proof.length !== KEY_BYTES) return false;
  const signature = hmac(storedKey, exchange);
  const clientKey = proof.map((byte, at) => byte ^ (signature[at] ?? 0));
  return timingSafeEqual(createHash('sha256').update(clientKey).digest(), storedKey);
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
