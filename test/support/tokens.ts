import { createHmac } from 'node:crypto';
import { SECRET } from './server.ts';

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A local token, good for ten minutes unless the claims say otherwise. */
export function localToken(claims: Readonly<Record<string, unknown>> = {}, secret = SECRET): string {
  const exp = Math.floor(Date.now() / 1000) + 600;
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub: 'user-1', exp, ...claims })}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
