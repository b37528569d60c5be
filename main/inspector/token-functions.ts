import { z } from 'zod';
import type { TokenFunctions } from '../contract/token.ts';
import type { HandlerDeps } from './deps.ts';
import { jsonObject, token } from './fields.ts';
import type { ArgumentsOf, HandlersOf } from './function-types.ts';

export const TOKEN_ARGUMENTS: ArgumentsOf<TokenFunctions> = {
  mintToken: z.strictObject({ claims: jsonObject }),
  inspectToken: z.strictObject({ token }),
};

export function createTokenHandlers({ mint, authenticator }: HandlerDeps): HandlersOf<TokenFunctions> {
  return {
    mintToken: async ({ claims }) => ({ token: await mint.mint(claims) }),
    inspectToken: ({ token }) => authenticator.inspectToken(token),
  };
}
