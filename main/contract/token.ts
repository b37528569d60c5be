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
  /** The file the private key is kept in; null when it lives for this run only. */
  readonly keptIn: string | null;
}

/** What a UI may ask about tokens. `null` stands for no argument or no answer. */
export interface TokenFunctions {
  mintToken: { argument: MintRequest; answer: { token: string } };
  inspectToken: { argument: { token: string }; answer: TokenReport };
}
