import { createAuthenticator } from '../auth/authenticator.ts';
import { loadConfig } from '../config/config.ts';
import type { JsonObject } from '../contract/http.ts';
import type { PersonaId } from '../contract/run.ts';
import type { TokenReport } from '../contract/token.ts';
import type { CommandContext } from './command.ts';
import { loadMint } from './target/own-mint.ts';

/** Personas that have a token. */
export type SignedPersona = Exclude<PersonaId, 'anonymous' | 'custom'>;

/** Signs and verifies tokens as a runtime with the current settings does. */
export interface TokenTools {
  /**
   * Signs a persona's claims with changes on top; null removes a claim.
   * @throws {WorkbenchError} BAD_REQUEST when there is no key to sign with
   */
  mint(persona: SignedPersona, changes: JsonObject): Promise<SignedToken>;
  /** The result of verifying these claims in a correctly signed token. */
  preview(claims: JsonObject): Promise<TokenReport>;
  /** Verifies a token; in external mode the provider's keys are fetched. */
  inspect(token: string): Promise<TokenReport>;
}

interface SignedToken {
  readonly token: string;
  readonly algorithm: string | null;
  readonly claims: JsonObject;
}

/** @throws ConfigError */
export async function openTokens({ sources }: CommandContext): Promise<TokenTools> {
  const config = await loadConfig(sources);
  const mint = await loadMint(config);
  const authenticator = createAuthenticator(config.auth, config.app);
  return {
    async mint(persona, changes) {
      const base = mint.personas().find(({ id }) => id === persona)?.claims ?? {};
      const claims = withoutNulls({ ...base, ...changes });
      return { token: await mint.mint(claims), algorithm: mint.signs.algorithm, claims };
    },
    preview: (claims) => authenticator.previewClaims(claims),
    inspect: (token) => authenticator.inspectToken(token),
  };
}

function withoutNulls(claims: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null));
}
