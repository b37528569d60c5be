import * as z from 'zod/mini';
import { createStore } from 'zustand/vanilla';
import { PERSONAS, type PersonaId } from '../../../main/contract/run.ts';
import type { Screen } from '../../../main/contract/window.ts';
import type { Page } from '../../page.ts';
import { fieldsOf, persisted, recordOf } from './persisted.ts';
import { formatRoute, parseRoute, type Route, type RouteTarget, type TraceTab } from './route.ts';

/** The user's choices, which survive a restart. */
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
  /** The bearer token for the persona `custom`. In memory only: it is a secret. */
  readonly customToken: string;
}

const CHOICES = fieldsOf({
  runPlugin: z.catch(z.nullable(z.string()), null),
  persona: z.catch(z.enum(PERSONAS), 'user'),
  runBodies: recordOf(z.string()),
  splits: recordOf(z.number().check(z.gt(0), z.lt(1))),
  tabs: recordOf(z.string()),
});

export type UiStore = ReturnType<typeof createUiStore>;

interface UiDeps {
  readonly page: Page;
}

export function createUiStore({ page }: UiDeps) {
  const storedChoices = persisted<Choices>(page, 'choices', CHOICES);
  const store = createStore<UiState>()(() => ({
    route: parseRoute(''),
    choices: storedChoices.read(),
    customToken: '',
  }));

  /** Follows the page's hash; returns `unsubscribe`. */
  function start(): () => void {
    const follow = () => store.setState({ route: parseRoute(page.readHash()) });
    follow();
    return page.onHash(follow);
  }

  /** Goes to a screen; `replace` leaves no step in the history (filters, selections). */
  function navigate(screen: Screen, target: RouteTarget = {}, options: { replace?: boolean } = {}): void {
    page.writeHash(formatRoute(screen, target), options.replace ?? false);
  }

  /** Changes some params of the current route, leaving the others; null removes one. */
  function setParams(params: Readonly<Record<string, string | null>>): void {
    const { screen, item, params: present } = store.getState().route;
    navigate(screen, { item, params: { ...present, ...params } }, { replace: true });
  }

  /** Remembers choices, now and over restarts. */
  function choose(changes: Partial<Choices>): void {
    const choices = { ...store.getState().choices, ...changes };
    store.setState({ choices });
    storedChoices.write(choices);
  }

  /** Opens a tab of a group, and remembers it. */
  function chooseTab(group: string, tab: string): void {
    choose({ tabs: { ...store.getState().choices.tabs, [group]: tab } });
  }

  /** Opens the Run screen with a plugin chosen. */
  function openRun(plugin: string): void {
    choose({ runPlugin: plugin });
    navigate('run', { item: plugin });
  }

  /** Goes to a trace with this tab open. */
  function openTrace(id: string, tab: TraceTab): void {
    chooseTab('trace', tab);
    navigate('traces', { item: id });
  }

  function setCustomToken(customToken: string): void {
    store.setState({ customToken });
  }
  return {
    store,
    start,
    navigate,
    setParams,
    choose,
    chooseTab,
    openRun,
    openTrace,
    setCustomToken,
  };
}
