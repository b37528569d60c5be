import { DEV_ISSUER_ALGORITHM } from '../config/settings/dev-issuer.ts';
import type { AuthConfig } from '../config/types.ts';
import { WorkbenchError } from '../contract/errors.ts';
import type { JsonObject } from '../contract/http.ts';
import { PERSONAS, type PersonaId, type PersonaView } from '../contract/run.ts';
import type { DevIssuer } from './dev-issuer.ts';
import { hmacSigner, type Sign } from './hmac.ts';
import { PERSONA } from './personas.ts';

/**
 * Makes tokens to try plugins with: in local mode with the local secret, in external mode with the
 * development issuer's key. With a real provider there is no private key here, and nothing can be minted.
 */
export interface Mint {
  /** How it signs, or why it can't. */
  readonly signs: { readonly algorithm: string } | { readonly algorithm: null; readonly reason: string };
  /** Every persona as it can be used in this mode. */
  personas(): readonly PersonaView[];
  /**
   * The token a persona sends; null for none.
   * @throws {WorkbenchError} BAD_REQUEST when the persona can't be used here, or `custom` comes without a
   * token
   */
  personaToken(persona: PersonaId, custom?: string): Promise<string | null>;
  /**
   * Signs claims exactly as given: without exp or with nonsense in it the runtime will refuse it, which is
   * what such tokens are minted for.
   * @throws {WorkbenchError} BAD_REQUEST where this runtime holds no signing key
   */
  mint(claims: JsonObject): Promise<string>;
}

const NO_KEY =
  'External mode: only your identity provider can sign tokens. Paste one of its tokens as your own, or use the development issuer (Tokens screen, or MOZAIKS_DEV_ISSUER=true).';

/** Makes the mint of one mode. `now` is in milliseconds since the Unix epoch. */
export function createMint(
  auth: AuthConfig,
  issuer: DevIssuer | null,
  { now = Date.now }: { readonly now?: () => number } = {},
): Mint {
  const sign = signerOf(auth, issuer);
  const seconds = () => Math.floor(now() / 1000);
  const mint = async (claims: JsonObject) => {
    if (sign === null) throw new WorkbenchError('BAD_REQUEST', NO_KEY);
    return sign(claims);
  };
  return {
    signs: sign === null ? { algorithm: null, reason: NO_KEY } : { algorithm: algorithmOf(auth) },
    personas: () => PERSONAS.map((id) => viewOf(id, auth, sign !== null, seconds())),
    async personaToken(persona, custom) {
      if (persona === 'anonymous') return null;
      if (persona === 'custom') return customToken(custom);
      return mint(PERSONA[persona].claims?.(auth, seconds()) ?? {});
    },
    mint,
  };
}

function signerOf(auth: AuthConfig, issuer: DevIssuer | null): Sign | null {
  if (auth.mode === 'external') return issuer === null ? null : issuer.sign;
  return hmacSigner(auth);
}

function algorithmOf(auth: AuthConfig): string {
  return auth.mode === 'local' ? auth.algorithm : DEV_ISSUER_ALGORITHM;
}

function viewOf(id: PersonaId, auth: AuthConfig, canSign: boolean, now: number): PersonaView {
  const { label, description, claims } = PERSONA[id];
  return {
    id,
    label,
    description: description(auth),
    unavailable: claims && !canSign ? NO_KEY : null,
    // Also where nothing can be signed: what such claims would give can still be shown.
    claims: claims?.(auth, now) ?? null,
  };
}

/** It goes into a header line, so it may hold anything but what would end that line. */
function customToken(token: string | undefined): string {
  const trimmed = token?.trim() ?? '';
  if (/^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(trimmed)) return trimmed;
  const problem = trimmed === '' ? 'needs a token' : 'holds characters that no header can carry';
  throw new WorkbenchError('BAD_REQUEST', `The persona "Your own" ${problem}: paste a token.`);
}
