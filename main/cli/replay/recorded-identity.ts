import type { Mint } from '../../auth/mint.ts';
import type { AuthConfig } from '../../config/types.ts';
import type { JsonObject } from '../../contract/http.ts';
import type { IdentityView } from '../../contract/trace.ts';

/** Tokens are never kept, but who called is: a new token names the same user with the same roles. */

const VALID_SECONDS = 3600;

/** @throws {WorkbenchError} BAD_REQUEST where nothing can be signed */
export function signIdentity(identity: IdentityView, auth: AuthConfig, mint: Mint): Promise<string> {
  const { claims: names } = auth;
  const now = Math.floor(Date.now() / 1000);
  const claims: JsonObject = {
    ...(auth.mode === 'external' ? { iss: auth.issuer, aud: auth.audience } : {}),
    [names.userId ?? 'sub']: identity.userId,
    ...(identity.username === null ? {} : { [names.username ?? 'username']: identity.username }),
    [names.roles ?? 'roles']: [...identity.roles],
    ...(identity.isSuperadmin ? { [names.superadmin ?? 'is_superadmin']: true } : {}),
    ...{ iat: now, exp: now + VALID_SECONDS },
  };
  return mint.mint(claims);
}
