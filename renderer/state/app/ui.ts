import { createStore } from 'zustand/vanilla';
import { PERSONAS, type PersonaId } from '../../../main/contract/run.ts';
import type { Screen } from '../../../main/contract/window.ts';
import { onHash, readHash, readStored, writeHash, writeStored } from '../../page.ts';
import { formatRoute, parseRoute, type Route, type RouteTarget } from './route.ts';

/** What the user chose and finds again after a restart. */
export interface Choices {
  /** The plugin of the Run screen. */
  readonly runPlugin: string | null;
  readonly persona: PersonaId;
  /** The body last written on the Run screen, by plugin. */
  readonly runBodies: Readonly<Record<string, string>>;
  /** Position of each splitter: the first pane's share, 0–1, by the splitter's id. */
  readonly splits: Readonly<Record<string, number>>;
  /** The open tab of each tabbed view, by the view's id. */
  readonly tabs: Readonly<Record<string, string>>;
}

export interface UiState {
  readonly route: Route;
  readonly choices: Choices;
  /** The bearer token for the persona `custom`. Kept in memory only: it is a secret. */
  readonly customToken: string;
}

const DEFAULTS: Choices = { runPlugin: null, persona: 'user', runBodies: {}, splits: {}, tabs: {} };

export const uiStore = createStore<UiState>()(() => ({
  route: parseRoute(''),
  choices: readChoices(readStored('choices')),
  customToken: '',
}));

/** Follows the page's hash; returns its undo. */
export function startRouting(): () => void {
  const follow = () => uiStore.setState({ route: parseRoute(readHash()) });
  follow();
  return onHash(follow);
}

/** Goes to a screen; `replace` leaves no step in the history (filters, selections). */
export function navigate(
  screen: Screen,
  target: RouteTarget = {},
  options: { replace?: boolean } = {},
): void {
  writeHash(formatRoute(screen, target), options.replace ?? false);
}

/** Changes some params of the present route, keeping the others; null removes one. */
export function setParams(params: Readonly<Record<string, string | null>>): void {
  const { screen, item, params: present } = uiStore.getState().route;
  navigate(screen, { item, params: { ...present, ...params } }, { replace: true });
}

/** Remembers choices, now and over restarts. */
export function choose(changes: Partial<Choices>): void {
  const choices = { ...uiStore.getState().choices, ...changes };
  uiStore.setState({ choices });
  writeStored('choices', choices);
}

/** Opens a tab of a group, and remembers it. */
export function chooseTab(group: string, tab: string): void {
  choose({ tabs: { ...uiStore.getState().choices.tabs, [group]: tab } });
}

/** Opens the Run screen with a plugin chosen. */
export function openRun(plugin: string): void {
  choose({ runPlugin: plugin });
  navigate('run', { item: plugin });
}

export function setCustomToken(customToken: string): void {
  uiStore.setState({ customToken });
}

/** What was stored, each part checked: an older or hand-edited store must not break a screen. */
export function readChoices(stored: unknown): Choices {
  if (typeof stored !== 'object' || stored === null) return DEFAULTS;
  const found = stored as Partial<Record<keyof Choices, unknown>>;
  return {
    runPlugin: typeof found.runPlugin === 'string' ? found.runPlugin : null,
    persona: PERSONAS.find((id) => id === found.persona) ?? DEFAULTS.persona,
    runBodies: recordOf(found.runBodies, isText),
    splits: recordOf(found.splits, isShare),
    tabs: recordOf(found.tabs, isText),
  };
}

function recordOf<T>(value: unknown, isWanted: (entry: unknown) => entry is T): Record<string, T> {
  if (typeof value !== 'object' || value === null) return {};
  const wanted: [string, T][] = [];
  for (const [key, entry] of Object.entries(value)) if (isWanted(entry)) wanted.push([key, entry]);
  return Object.fromEntries(wanted);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isShare(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value < 1;
}
