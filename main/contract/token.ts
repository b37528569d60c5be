import type { Json, JsonObject } from './http.ts';
import type { IdentityView, Provenance, TokenStep } from './trace.ts';

export interface MintRequest {
  readonly claims: JsonObject;
}

export interface TokenReport {
  readonly header: JsonObject | null;
  readonly claims: JsonObject | null;
  /** Null when the token can be decoded. */
  readonly decodeError: string | null;
  readonly verified: boolean;
  readonly steps: readonly TokenStep[];
  /** The identity it would give; null when refused. */
  readonly identity: IdentityView | null;
  readonly context: Json;
  readonly provenance: readonly Provenance[];
}

/** What a UI may ask about tokens. `null` stands for no argument or no answer. */
export interface TokenFunctions {
  mintToken: { argument: MintRequest; answer: { token: string } };
  inspectToken: { argument: { token: string }; answer: TokenReport };
}
