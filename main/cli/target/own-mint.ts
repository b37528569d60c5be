import '../../bin/fallback-electron/web-crypto.ts';
import { join } from 'node:path';
import { createDevIssuer } from '../../auth/dev-issuer.ts';
import { createMint, type Mint } from '../../auth/mint.ts';
import { devIssuerUrl } from '../../config/settings/dev-issuer.ts';
import type { Config } from '../../config/types.ts';

/**
 * Signs tokens that a runtime with these settings accepts: with the secret of local mode, or the stored key
 * of the development issuer, which need not be running.
 * @throws {WorkbenchError} CONFLICT when the stored key is damaged
 */
export async function loadMint({ auth, configPath }: Pick<Config, 'auth' | 'configPath'>): Promise<Mint> {
  const own = auth.mode === 'external' ? auth.devIssuer : null;
  if (own === null) return createMint(auth, null);
  const issuer = createDevIssuer(devIssuerUrl(own), join(configPath, 'dev-issuer-key.pem'));
  await issuer.load();
  return createMint(auth, issuer);
}
