import { dirname, join } from 'node:path';
import { z } from 'zod';
import { WorkbenchError } from '../contract/errors.ts';
import type { ClaimNamesView, TokenFunctions, TokenSetup } from '../contract/token.ts';
import type { HandlerDeps } from './deps.ts';
import { jsonObject, token } from './fields.ts';
import type { ArgumentsOf, HandlersOf } from './function-types.ts';

export const TOKEN_ARGUMENTS: ArgumentsOf<TokenFunctions> = {
  tokenSetup: z.null(),
  mintToken: z.strictObject({ claims: jsonObject }),
  previewClaims: z.strictObject({ claims: jsonObject }),
  inspectToken: z.strictObject({ token }),
  rotateIssuerKey: z.null(),
};

export function createTokenHandlers(deps: HandlerDeps): HandlersOf<TokenFunctions> {
  const { mint, authenticator, devIssuer } = deps;
  return {
    tokenSetup: () => tokenSetup(deps),
    mintToken: async ({ claims }) => ({ token: await mint.mint(claims) }),
    previewClaims: ({ claims }) => authenticator.previewClaims(claims),
    inspectToken: ({ token }) => authenticator.inspectToken(token),
    async rotateIssuerKey() {
      if (devIssuer === null) {
        throw new WorkbenchError('BAD_REQUEST', 'There is no development issuer: MOZAIKS_DEV_ISSUER is off');
      }
      await devIssuer.rotate();
      return tokenSetup(deps);
    },
  };
}

function tokenSetup({ config, mint, authenticator, devIssuer }: HandlerDeps): TokenSetup {
  const { auth, pluginsPath } = config;
  const outside = auth.mode === 'external' ? auth : null;
  return {
    mode: auth.mode,
    accepts: auth.mode === 'local' ? [auth.algorithm] : auth.algorithms,
    signsWith: mint.signs.algorithm,
    noMint: mint.signs.algorithm === null ? mint.signs.reason : null,
    issuer: outside?.issuer ?? null,
    audience: outside?.audience ?? null,
    claimNames: claimNames(config.auth.claims),
    keys: authenticator.keys(),
    devIssuer: devIssuer?.view() ?? null,
    envFile: join(dirname(pluginsPath), '.env'),
  };
}

function claimNames(names: HandlerDeps['config']['auth']['claims']): ClaimNamesView {
  return {
    userId: names.userId ?? 'sub',
    username: names.username ?? 'username',
    roles: names.roles ?? 'roles',
    superadmin: names.superadmin ?? 'is_superadmin',
    superadminRole: names.superadminRole,
  };
}
