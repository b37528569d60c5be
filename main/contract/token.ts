import type { Json, JsonObject } from './http.ts';
import type { IdentityView, Provenance, TokenStep } from './trace.ts';

interface MintRequest {
  readonly claims: JsonObject;
}

export interface TokenReport {
  readonly header: JsonObject | null;
  readonly claims: JsonObject | null;
  /** Null when the token can be decoded. */
  readonly decodeError: string | null;
  readonly verified: boolean;
  readonly steps: readonly TokenStep[];
  /** All that a client would read in the 401's `detail`; null when accepted. */
  readonly refusal: string | null;
  /** The identity it would give; null when refused. */
  readonly identity: IdentityView | null;
  readonly context: Json;
  readonly provenance: readonly Provenance[];
}

/** The development issuer; nothing in it is secret. */
export interface DevIssuerView {
  /** `iss` of its tokens. */
  readonly url: string;
  readonly discoveryUrl: string;
  readonly jwksUrl: string;
  /** Of the key that signs now. */
  readonly kid: string;
  /** When that key was made; ms since the epoch. */
  readonly madeAt: number;
  /** The file the private key is stored in; null when it lives for this run only. */
  readonly keptIn: string | null;
}

/** A provider's signing keys as the runtime holds them now. */
export interface KeysView {
  /** Where they are fetched. */
  readonly url: string;
  readonly kids: readonly string[];
  /** Ms since the epoch; null before the first fetch that gave any. */
  readonly fetchedAt: number | null;
  /** Why the last fetch failed; null when it didn't. */
  readonly failure: string | null;
  /** When an unknown kid may cause the next fetch; ms since the epoch. */
  readonly nextFetchAt: number;
}

/** The names of the claims that become an identity, defaults filled in (CONTRACT.md §3). */
export interface ClaimNamesView {
  readonly userId: string;
  readonly username: string;
  readonly roles: string;
  readonly superadmin: string;
  readonly superadminRole: string;
}

/** How this runtime verifies tokens and whether it can make some. */
export interface TokenSetup {
  readonly mode: 'local' | 'external';
  /** Signature algorithms that are accepted. */
  readonly accepts: readonly string[];
  /** How minted tokens are signed; null where this runtime holds no signing key. */
  readonly signsWith: string | null;
  /** Why nothing can be minted; null when it can. */
  readonly noMint: string | null;
  /** `iss` and `aud` that are enforced; null in local mode, which checks neither. */
  readonly issuer: string | null;
  readonly audience: string | null;
  readonly claimNames: ClaimNamesView;
  /** The provider's keys; null in local mode. */
  readonly keys: KeysView | null;
  readonly devIssuer: DevIssuerView | null;
  /**
   * The development issuer was chosen while running: the settings say otherwise, and the next start follows
   * them.
   */
  readonly isTrial: boolean;
  /** A `.env` that the next start reads, where settings can be written. */
  readonly envFile: string;
}

/** What a UI may ask about tokens. `null`: no argument or no answer. */
export interface TokenFunctions {
  tokenSetup: { argument: null; answer: TokenSetup };
  mintToken: { argument: MintRequest; answer: { token: string } };
  /** What would become of claims if they were signed rightly. */
  previewClaims: { argument: { claims: JsonObject }; answer: TokenReport };
  inspectToken: { argument: { token: string }; answer: TokenReport };
  /** Gives the development issuer a new key; the old one is gone at once. */
  rotateIssuerKey: { argument: null; answer: TokenSetup };
  /**
   * Switches to external mode with the development issuer, for this run, or back to what the settings say.
   */
  useDevIssuer: { argument: { on: boolean }; answer: TokenSetup };
}
