import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Json, type JsonObject, tokenFromPasted } from '../../../main/contract/http.ts';
import type { PersonaId, PersonaView } from '../../../main/contract/run.ts';
import type { TokenReport } from '../../../main/contract/token.ts';
import type { Inspector } from '../../bridge.ts';
import type { Announcements } from './announcements.ts';
import { type Loadable, readyValue, settle, toFailure } from './loadable.ts';
import type { PersonaStore } from './personas.ts';
import type { TokenSetupStore } from './token-setup.ts';
import type { UiStore } from './ui.ts';

export interface TokensState {
  /** The persona whose claims were loaded into the editor; null after the first edit by hand. */
  readonly persona: PersonaId | null;
  /** The claims as text, valid JSON or not. */
  readonly claims: string;
  /**
   * The report on the claims; null before the first answer. It keeps its value while the text is not valid
   * JSON.
   */
  readonly preview: Loadable<TokenReport> | null;
  /** Why minting is not possible, or failed. */
  readonly mintError: string | null;
  readonly minting: boolean;
  /** A secret: in memory only, masked until revealed. */
  readonly token: string;
  /** Null while there is no token. */
  readonly report: Loadable<TokenReport> | null;
}

/** The two tabs of the screen's right half. */
export type TokenTab = 'context' | 'token';

/** Wait after the last keystroke before the runtime is asked. */
const INSPECT_DELAY_MS = 250;
const PREVIEW_DELAY_MS = 150;
/** Tokens expire while nobody types. */
const PREVIEW_INTERVAL_MS = 10_000;

interface TokenDeps {
  readonly inspector: Inspector;
  readonly announcements: Announcements;
  readonly ui: UiStore;
  readonly personas: PersonaStore;
  readonly tokenSetup: TokenSetupStore;
}

/** None of its functions rejects: a failure is part of the state, or announced. */
export function createTokenStore(deps: TokenDeps) {
  const { inspector, announcements, ui, personas, tokenSetup } = deps;
  const store = createStore<TokensState>()(() => ({
    persona: null,
    claims: '',
    preview: null,
    mintError: null,
    minting: false,
    token: '',
    report: null,
  }));
  const editor = createClaimsEditor(store, deps);
  const current = createCurrentToken(store, deps);

  function showTab(tab: TokenTab): void {
    ui.chooseTab('tokens', tab);
  }

  /** Signs the editor's claims with the runtime's key, then inspects the token. */
  async function mint(): Promise<void> {
    const claims = parseClaims(store.getState().claims);
    if (typeof claims === 'string') {
      store.setState({ mintError: claims });
      return;
    }
    store.setState({ minting: true, mintError: null });
    try {
      const { token } = await inspector.call('mintToken', { claims });
      store.setState({ minting: false, token, report: null });
      showTab('token');
      await current.inspect();
    } catch (error) {
      store.setState({ minting: false, mintError: toFailure(error).message });
    }
  }

  /**
   * Switches to external mode with the development issuer, or back. Checks everything again, and loads the
   * persona's claims again, since they contain issuer and audience there.
   */
  async function switchDevIssuer(on: boolean): Promise<void> {
    try {
      await tokenSetup.switchDevIssuer(on);
    } catch (error) {
      announcements.announce({ tone: 'bad', title: 'Could not switch mode', text: toFailure(error).message });
      return;
    }
    await personas.refresh();
    const chosen = store.getState().persona;
    const persona = readyValue(personas.store.getState().personas)?.find(({ id }) => id === chosen);
    if (persona?.claims) editor.loadPersona(persona);
    else await editor.preview();
    await current.inspect();
  }

  /** Loads the claims of the current token into the editor. */
  function editClaimsOf(report: TokenReport): void {
    editor.setClaims(formatClaims(report.claims));
    showTab('context');
  }

  return {
    store,
    ...editor,
    ...current,
    showTab,
    mint,
    switchDevIssuer,
    editClaimsOf,
  };
}

/** The claims in the editor, and the preview of what they would result in. */
function createClaimsEditor(store: StoreApi<TokensState>, { inspector }: TokenDeps) {
  /** Counts requests: a late answer about older claims is dropped. */
  let requests = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** Has the claims checked as if they were signed. */
  async function preview(): Promise<void> {
    const claims = parseClaims(store.getState().claims);
    const request = ++requests;
    if (typeof claims === 'string') return;
    const answer = await settle(inspector.call('previewClaims', { claims }));
    if (request === requests) store.setState({ preview: answer });
  }

  function previewIn(delayMs: number): void {
    clearTimeout(timer);
    timer = setTimeout(preview, delayMs);
  }

  /** Keeps the preview up to date as time passes; returns `unsubscribe`. */
  function followPreview(): () => void {
    const interval = setInterval(() => previewIn(0), PREVIEW_INTERVAL_MS);
    return () => clearInterval(interval);
  }

  /** Loads a persona's claims into the editor. */
  function loadPersona({ id, claims }: PersonaView): void {
    store.setState({ persona: id, claims: formatClaims(claims), mintError: null });
    previewIn(0);
  }

  /** Loads a persona's claims into an empty editor. */
  function offerPersona(persona: PersonaView | undefined): void {
    if (persona && store.getState().claims === '') loadPersona(persona);
  }

  function setClaims(claims: string): void {
    if (claims === store.getState().claims) return;
    store.setState({ claims, persona: null, mintError: null });
    previewIn(PREVIEW_DELAY_MS);
  }

  /** Changes the claims by the form; does nothing while the text is not a JSON object. */
  function changeClaims(change: (claims: JsonObject) => JsonObject): void {
    const claims = parseClaims(store.getState().claims);
    if (typeof claims !== 'string') setClaims(formatClaims(change(claims)));
  }

  return {
    preview,
    followPreview,
    loadPersona,
    offerPersona,
    setClaims,
    changeClaims,
  };
}

/** The current token, minted or pasted, and the report on it. */
function createCurrentToken(store: StoreApi<TokensState>, { inspector, tokenSetup, ui }: TokenDeps) {
  /** Counts requests: a late answer about an older token is dropped. */
  let requests = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** Decodes and verifies the current token. */
  async function inspect(): Promise<void> {
    const { token } = store.getState();
    if (token === '') return;
    const request = ++requests;
    const report = await settle(inspector.call('inspectToken', { token }));
    if (request === requests) store.setState({ report });
    // Verifying may have fetched the provider's keys.
    await tokenSetup.refresh();
  }

  /** Takes a token as typed or pasted ("Bearer …" works too), and inspects it shortly after. */
  function setToken(typed: string): void {
    const token = tokenFromPasted(typed);
    store.setState({ token });
    clearTimeout(timer);
    if (token === '') {
      requests++;
      store.setState({ report: null });
      return;
    }
    timer = setTimeout(inspect, INSPECT_DELAY_MS);
  }

  /** Makes the current token the one that the persona "your own" sends, and opens the Run screen. */
  function runWithToken(): void {
    ui.setCustomToken(store.getState().token);
    ui.choose({ persona: 'custom' });
    ui.navigate('run');
  }

  return {
    inspect,
    setToken,
    runWithToken,
  };
}

/** The claims, or why they can't be signed. Pure. */
export function parseClaims(text: string): JsonObject | string {
  try {
    const value = JSON.parse(text) as Json;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
    return 'Claims must be a JSON object, such as {"sub": "user_123"}.';
  } catch (error) {
    return `The claims are not valid JSON: ${toFailure(error).message}`;
  }
}

function formatClaims(claims: JsonObject | null): string {
  return JSON.stringify(claims ?? {}, null, 2);
}
