import { createStore } from 'zustand/vanilla';
import { type Json, type JsonObject, tokenFromPasted } from '../../../main/contract/http.ts';
import type { PersonaId, PersonaView } from '../../../main/contract/run.ts';
import type { TokenReport } from '../../../main/contract/token.ts';
import { currentStores } from '../../current-stores.ts';
import { type Loadable, readyValue, settle, toFailure } from './loadable.ts';
import { refreshTokenSetup, setDevIssuer } from './token-setup.ts';

export interface TokensState {
  /** The persona whose claims were taken into the editor; null after the first edit by hand. */
  readonly persona: PersonaId | null;
  /** The claims as text, valid JSON or not. */
  readonly claims: string;
  /**
   * What would become of the claims; null before the first answer. While the text is no JSON it stays what it
   * was.
   */
  readonly preview: Loadable<TokenReport> | null;
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
  preview: null,
  mintError: null,
  minting: false,
  token: '',
  report: null,
};
/** Quiet after the last letter before the runtime is asked. */
const INSPECT_MS = 250;
const PREVIEW_MS = 150;
/** Times pass while nobody types. */
const PREVIEW_AGAIN_MS = 10_000;

export const tokenStore = createStore<TokensState>()(() => INITIAL);

/** The two sides of the screen's right half. */
export type TokenTab = 'context' | 'token';

/** Counts questions: a slow answer about an older token or older claims is dropped. */
let question = 0;
let previewQuestion = 0;
let soon: ReturnType<typeof setTimeout> | undefined;
let previewSoon: ReturnType<typeof setTimeout> | undefined;

export function showTokenTab(tab: TokenTab): void {
  currentStores().ui.chooseTab('tokens', tab);
}

/** Takes a persona's claims into the editor, unless something is there already. */
export function offerPersona(persona: PersonaView | undefined): void {
  if (persona && tokenStore.getState().claims === '') takePersona(persona);
}

/** Takes a persona's claims into the editor. */
export function takePersona({ id, claims }: PersonaView): void {
  tokenStore.setState({ persona: id, claims: JSON.stringify(claims ?? {}, null, 2), mintError: null });
  previewLater(0);
}

export function setClaims(claims: string): void {
  if (claims === tokenStore.getState().claims) return;
  tokenStore.setState({ claims, persona: null, mintError: null });
  previewLater(PREVIEW_MS);
}

/** Changes the claims by a form beside the text; does nothing while the text is no JSON object. */
export function changeClaims(change: (claims: JsonObject) => JsonObject): void {
  const claims = parseClaims(tokenStore.getState().claims);
  if (typeof claims !== 'string') setClaims(JSON.stringify(change(claims), null, 2));
}

function previewLater(ms: number): void {
  clearTimeout(previewSoon);
  previewSoon = setTimeout(() => previewClaims().catch(tell('The claims were not judged')), ms);
}

/** Has the claims in the editor judged as if they were signed. */
export async function previewClaims(): Promise<void> {
  const claims = parseClaims(tokenStore.getState().claims);
  const asked = ++previewQuestion;
  if (typeof claims === 'string') return;
  const preview = await settle(currentStores().inspector.call('previewClaims', { claims }));
  if (asked === previewQuestion) tokenStore.setState({ preview });
}

/** Keeps the preview true while time passes; returns `unsubscribe`. */
export function followPreview(): () => void {
  const timer = setInterval(() => previewLater(0), PREVIEW_AGAIN_MS);
  return () => clearInterval(timer);
}

/**
 * Signs the editor's claims with the runtime's key, then looks at the token. Says so when they are no JSON
 * object.
 */
export async function mintToken(): Promise<void> {
  const claims = parseClaims(tokenStore.getState().claims);
  if (typeof claims === 'string') {
    tokenStore.setState({ mintError: claims });
    return;
  }
  tokenStore.setState({ minting: true, mintError: null });
  try {
    const { token } = await currentStores().inspector.call('mintToken', { claims });
    tokenStore.setState({ minting: false, token, report: null });
    showTokenTab('token');
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
  const token = tokenFromPasted(typed);
  tokenStore.setState({ token });
  clearTimeout(soon);
  if (token === '') {
    question++;
    tokenStore.setState({ report: null });
    return;
  }
  soon = setTimeout(() => inspectToken().catch(tell('Token not inspected')), INSPECT_MS);
}

/** Decodes and verifies the token in place. */
export async function inspectToken(): Promise<void> {
  const { token } = tokenStore.getState();
  if (token === '') return;
  const asked = ++question;
  const report = await settle(currentStores().inspector.call('inspectToken', { token }));
  if (asked === question) tokenStore.setState({ report });
  // Looking may have fetched the provider's keys.
  await refreshTokenSetup();
}

/**
 * Switches to external mode with the development issuer, or back, and judges everything anew: the persona's
 * claims are taken again, since they name issuer and audience there.
 */
export async function switchDevIssuer(on: boolean): Promise<void> {
  try {
    await setDevIssuer(on);
  } catch (error) {
    currentStores().announcements.announce({
      tone: 'bad',
      title: 'The mode was not switched',
      text: toFailure(error).message,
    });
    return;
  }
  await currentStores().personas.refresh();
  const chosen = tokenStore.getState().persona;
  const persona = readyValue(currentStores().personas.store.getState().personas)?.find(
    ({ id }) => id === chosen,
  );
  if (persona?.claims) takePersona(persona);
  else await previewClaims();
  await inspectToken();
}

/** Takes the claims of the token in place into the editor. */
export function editClaimsOf(report: TokenReport): void {
  setClaims(JSON.stringify(report.claims ?? {}, null, 2));
  showTokenTab('context');
}

/** Makes the token in place the one that the persona "your own" sends, and opens the Run screen. */
export function runWithToken(): void {
  currentStores().ui.setCustomToken(tokenStore.getState().token);
  currentStores().ui.choose({ persona: 'custom' });
  currentStores().ui.navigate('run');
}

function tell(title: string): (error: unknown) => void {
  return (error) =>
    currentStores().announcements.announce({ tone: 'bad', title, text: toFailure(error).message });
}

/** Back to nothing; for tests. */
export function resetTokens(): void {
  clearTimeout(soon);
  clearTimeout(previewSoon);
  question++;
  previewQuestion++;
  tokenStore.setState(INITIAL, true);
}
