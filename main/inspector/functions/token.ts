import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { ClaimNames } from '../../config/types.ts';
import { WorkbenchError } from '../../contract/errors.ts';
import type { ClaimNamesView, TokenFunctions, TokenSetup } from '../../contract/token.ts';
import type { HandlerDeps } from '../deps.ts';
import type { ArgumentsOf, HandlersOf } from '../function-types.ts';
import { jsonObject, token } from './fields.ts';

export const TOKEN_ARGUMENTS: ArgumentsOf<TokenFunctions> = {
  tokenSetup: z.null(),
  mintToken: z.strictObject({ claims: jsonObject }),
  previewClaims: z.strictObject({ claims: jsonObject }),
  inspectToken: z.strictObject({ token }),
  rotateIssuerKey: z.null(),
  useDevIssuer: z.strictObject({ on: z.boolean() }),
};

export function createTokenHandlers(deps: HandlerDeps): HandlersOf<TokenFunctions> {
  const { authSwitch } = deps;
  const { mint, authenticator } = authSwitch;
  return {
    tokenSetup: () => tokenSetup(deps),
    mintToken: async ({ claims }) => ({ token: await mint.mint(claims) }),
    previewClaims: ({ claims }) => authenticator.previewClaims(claims),
    inspectToken: ({ token }) => authenticator.inspectToken(token),
    async rotateIssuerKey() {
      const { devIssuer } = authSwitch.current();
      if (devIssuer === null) {
        throw new WorkbenchError('BAD_REQUEST', 'The development issuer is off');
      }
      await devIssuer.rotate();
      return tokenSetup(deps);
    },
    async useDevIssuer({ on }) {
      await authSwitch.useDevIssuer(on);
      deps.onAuthChanged();
      return tokenSetup(deps);
    },
  };
}

function tokenSetup({ engine, authSwitch }: HandlerDeps): TokenSetup {
  const { mint, authenticator } = authSwitch;
  const { auth, devIssuer, isTrial } = authSwitch.current();
  const external = auth.mode === 'external' ? auth : null;
  return {
    mode: auth.mode,
    accepts: auth.mode === 'local' ? [auth.algorithm] : auth.algorithms,
    signsWith: mint.signs.algorithm,
    noMint: mint.signs.algorithm === null ? mint.signs.reason : null,
    issuer: external?.issuer ?? null,
    audience: external?.audience ?? null,
    claimNames: claimNames(auth.claims),
    keys: authenticator.keys(),
    devIssuer: devIssuer?.view() ?? null,
    isTrial,
    envFile: join(dirname(engine.folder().path), '.env'),
  };
}

function claimNames(names: ClaimNames): ClaimNamesView {
  return {
    userId: names.userId ?? 'sub',
    username: names.username ?? 'username',
    roles: names.roles ?? 'roles',
    superadmin: names.superadmin ?? 'is_superadmin',
    superadminRole: names.superadminRole,
  };
}
