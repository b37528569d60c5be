import { createStore } from 'zustand/vanilla';
import type { Json, JsonObject } from '../../main/contract/http.ts';
import type { PersonaId, PersonaView } from '../../main/contract/run.ts';
import type { TokenReport } from '../../main/contract/token.ts';
import { call } from '../bridge.ts';
import { announce } from './announcements.ts';
import { type Loadable, settle, toFailure } from './loadable.ts';
import { choose, navigate, setCustomToken } from './ui.ts';

export interface TokensState {
  /** The persona whose claims were taken into the editor; null after the first edit by hand. */
  readonly persona: PersonaId | null;
  /** The claims as text, valid JSON or not. */
  readonly claims: string;
  /** Why minting isn't possible, or failed. */
  readonly mintError: string | null;
  readonly minting: boolean;
  /** A secret: in memory only, shown masked until asked for. */
  readonly token: string;
  /** Null while there is no token. */
  readonly report: Loadable<TokenReport> | null;
}

const INITIAL: TokensState = {
  persona: null,
  claims: '',
  mintError: null,
  minting: false,
  token: '',
  report: null,
};
const INSPECT_MS = 250;

export const tokenStore = createStore<TokensState>()(() => INITIAL);

/** Counts questions: a slow answer about an older token is dropped. */
let question = 0;
let soon: ReturnType<typeof setTimeout> | undefined;

/** Takes a persona's claims into the editor without signing them, unless something is there already. */
export function offerPersona(persona: PersonaView | undefined): void {
  if (persona && tokenStore.getState().claims === '') fillClaims(persona);
}

/** Takes a persona's claims into the editor and mints its token. */
export async function takePersona(persona: PersonaView): Promise<void> {
  fillClaims(persona);
  await mintToken();
}

function fillClaims({ id, claims }: PersonaView): void {
  tokenStore.setState({ persona: id, claims: JSON.stringify(claims ?? {}, null, 2), mintError: null });
}

export function setClaims(claims: string): void {
  if (claims === tokenStore.getState().claims) return;
  tokenStore.setState({ claims, persona: null, mintError: null });
}

/** Signs the editor's claims with the runtime's key, then looks at the token. Says so when they are no JSON object. */
export async function mintToken(): Promise<void> {
  const claims = parseClaims(tokenStore.getState().claims);
  if (typeof claims === 'string') {
    tokenStore.setState({ mintError: claims });
    return;
  }
  tokenStore.setState({ minting: true, mintError: null });
  try {
    const { token } = await call('mintToken', { claims });
    tokenStore.setState({ minting: false, token });
    await inspectToken();
  } catch (error) {
    tokenStore.setState({ minting: false, mintError: toFailure(error).message });
  }
}

/** The claims, or why they can't be signed. */
export function parseClaims(text: string): JsonObject | string {
  try {
    const value = JSON.parse(text) as Json;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
    return 'Claims must be a JSON object, such as {"sub": "user_123"}.';
  } catch (error) {
    return `The claims are no JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Puts a token in place, as typed or pasted ("Bearer …" works too), and looks at it shortly after. */
export function setToken(typed: string): void {
  const token = typed.trim().replace(/^(authorization:\s*)?bearer\s+/i, '');
  tokenStore.setState({ token });
  clearTimeout(soon);
  if (token === '') {
    question++;
    tokenStore.setState({ report: null });
    return;
  }
  soon = setTimeout(() => {
    inspectToken().catch((error) =>
      announce({ tone: 'bad', title: 'Token not inspected', text: toFailure(error).message }),
    );
  }, INSPECT_MS);
}

/** Decodes and verifies the token in place. */
export async function inspectToken(): Promise<void> {
  const { token } = tokenStore.getState();
  if (token === '') return;
  const asked = ++question;
  const report = await settle(call('inspectToken', { token }));
  if (asked === question) tokenStore.setState({ report });
}

/** Makes the token in place the one that the persona "your own" sends, and opens the Run screen. */
export function runWithToken(): void {
  setCustomToken(tokenStore.getState().token);
  choose({ persona: 'custom' });
  navigate('run');
}

/** Back to nothing; for tests. */
export function resetTokens(): void {
  clearTimeout(soon);
  question++;
  tokenStore.setState(INITIAL, true);
}
