import { createHmac, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Caller, CheckContext, TokenKind } from '../../../main/conformance/target/target.ts';
import type { Trust } from './identity.ts';

/** Signs as the issuer of tokens for a stand-in. */
export interface Issuer {
  readonly trust: Trust;
  sign(claims: Readonly<Record<string, unknown>>): string;
}

export const STAND_IN_SECRET = 'the-secret-of-a-stand-in-0123456789-abcdefghij';

export function localIssuer(secret = STAND_IN_SECRET): Issuer {
  return {
    trust: { mode: 'local', secret },
    sign: (claims) => compact('HS256', claims, (text) => createHmac('sha256', secret).update(text).digest()),
  };
}

const NAMES = { issuer: 'https://issuer.stand-in.example', audience: 'stand-in' };
let keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } | null = null;

/** One key pair serves every stand-in of a process: to make one takes long. */
export function externalIssuer(): Issuer {
  keys ??= generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { publicKey, privateKey } = keys;
  return {
    trust: { mode: 'external', publicKey, ...NAMES },
    sign: (claims) =>
      compact('RS256', { iss: NAMES.issuer, aud: NAMES.audience, ...claims }, (text) =>
        createSign('RSA-SHA256').update(text).sign(privateKey),
      ),
  };
}

const CALLER: Caller = { userId: 'user-7', username: 'robin', roles: ['editor', 'user'] };

/** One token of each kind, and whom the user's names (CONTRACT.md §3). */
export function checkTokens({ trust, sign }: Issuer): Pick<CheckContext, 'mode' | 'tokens' | 'caller'> {
  const now = Math.floor(Date.now() / 1000);
  const someone = { username: CALLER.username, roles: CALLER.roles };
  const claims = { sub: CALLER.userId, ...someone, exp: now + 600 };
  const user = sign(claims);
  const [head, payload = '', signature] = user.split('.');
  const changed = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), sub: 'root-1' };
  const tokens: Record<TokenKind, string> = {
    user,
    superadmin: sign({ ...claims, sub: 'root-1', roles: ['user', 'superadmin'] }),
    nameless: sign({ sub: 'user-without-a-name', roles: ['user'], exp: now + 600 }),
    'odd-roles': sign({ ...claims, roles: { editor: true } }),
    'odd-role-entries': sign({ ...claims, roles: [7, ' editor ', '', null, 'user'] }),
    tampered: `${head}.${encode(changed)}.${signature}`,
    'alg-none': `${encode({ alg: 'none' })}.${payload}.`,
    expired: sign({ ...claims, exp: now - 3600 }),
    'no-expiry': sign({ sub: CALLER.userId, ...someone }),
    'no-subject': sign({ ...someone, exp: now + 600 }),
    'wrong-audience': sign({ ...claims, aud: 'another-service' }),
  };
  return { mode: trust.mode, tokens, caller: CALLER };
}

function compact(alg: string, claims: object, signature: (text: string) => Buffer): string {
  const text = `${encode({ alg, typ: 'JWT' })}.${encode(claims)}`;
  return `${text}.${signature(text).toString('base64url')}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
