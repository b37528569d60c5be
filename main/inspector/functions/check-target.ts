import type { SwitchableAuth } from '../../auth/switchable-auth.ts';
import { connectTarget, parseOrigin } from '../../conformance/target/remote-target.ts';
import type { CheckTarget } from '../../conformance/target/target.ts';
import {
  type CheckTokens,
  deriveTokens,
  NO_TOKENS,
  signTokens,
  signTokensWithSecret,
} from '../../conformance/target/tokens.ts';
import type { CheckRequest } from '../../contract/conformance.ts';
import type { HandlerDeps } from '../deps.ts';

export type CheckTargetDeps = Pick<HandlerDeps, 'ownTarget' | 'baseUrl' | 'authSwitch'>;

/**
 * Finds the runtime that a request wants checked: this one, also when it is named by its address, or another.
 * @throws {WorkbenchError} BAD_REQUEST for what is no address, token or secret, NOT_READY when nothing answers there
 */
export async function findTarget(
  { ownTarget, baseUrl, authSwitch }: CheckTargetDeps,
  request: Omit<CheckRequest, 'runId'>,
  signal: AbortSignal,
): Promise<CheckTarget> {
  const { target, token, timeoutSeconds, allowDisruptive, probe: language = 'javascript' } = request;
  const origin = target === null ? baseUrl() : parseOrigin(target).origin;
  if (origin === baseUrl()) return ownTarget({ language, ...(token === undefined ? {} : { token }) });
  const more = {
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    ...(allowDisruptive === undefined ? {} : { allowDisruptive }),
  };
  return connectTarget({ url: origin, tokens: await tokensFor(authSwitch, request), ...more }, signal);
}

async function tokensFor(
  { current, mint }: SwitchableAuth,
  { secret, ownKey, token }: Pick<CheckRequest, 'secret' | 'ownKey' | 'token'>,
): Promise<CheckTokens> {
  if (secret !== undefined) return signTokensWithSecret(secret);
  if (ownKey === true) return signTokens(current().auth, (claims) => mint.mint(claims));
  return token === undefined ? NO_TOKENS : deriveTokens(token);
}
