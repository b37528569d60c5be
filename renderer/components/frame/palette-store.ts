import { createStore } from 'zustand/vanilla';
import type { Inspector } from '../../bridge.ts';
import type { Command, CommandStore } from '../../state/app/commands.ts';
import type { UiStore } from '../../state/app/ui.ts';
import { type FoundGroup, searchCommands } from './palette-search.ts';
import { createPaletteTraces } from './palette-traces.ts';

export interface PaletteState {
  readonly query: string;
  readonly groups: readonly FoundGroup[];
  /** Id of the command that Enter runs; null when nothing was found. */
  readonly active: string | null;
}

/** Typing pauses this long before the runtime is asked. */
const SEARCH_DELAY_MS = 150;

function idsOf(groups: readonly FoundGroup[]): readonly string[] {
  return groups.flatMap(({ found }) => found.map(({ command }) => command.id));
}

export type PaletteStore = ReturnType<typeof createPaletteStore>;

interface PaletteDeps {
  readonly commands: CommandStore;
  readonly ui: UiStore;
  readonly inspector: Inspector;
}

export function createPaletteStore({ commands, ui, inspector }: PaletteDeps) {
  const store = createStore<PaletteState>()(() => ({ query: '', groups: [], active: null }));
  const paletteTraces = createPaletteTraces({ ui, inspector });

  /** Traces that the runtime found for the query, as commands. */
  let traces: readonly Command[] = [];
  /** Counts queries: late answers to an earlier one are dropped. */
  let queries = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** Empties the query and lists the commands available now. */
  function reset(): void {
    setQuery('');
  }

  function setQuery(query: string): void {
    traces = paletteTraces.linksFor(query);
    show(query);
    clearTimeout(timer);
    const own = ++queries;
    if (query.trim().length < 3) return;
    timer = setTimeout(() => {
      paletteTraces.find(query.trim()).then(
        (found) => {
          if (own !== queries || found.length === 0) return;
          traces = [...traces, ...found];
          show(query);
        },
        (error) => console.error('traces not searched', error),
      );
    }, SEARCH_DELAY_MS);
  }

  /** Makes the command `step` lines below the active one active; wraps around at the ends. */
  function moveActive(step: number): void {
    const { groups, active } = store.getState();
    const ids = idsOf(groups);
    if (ids.length === 0) return;
    const at = active === null ? -1 : ids.indexOf(active);
    const next = ids[(at + step + ids.length) % ids.length];
    store.setState({ active: next ?? null });
  }

  function setActive(id: string): void {
    store.setState({ active: id });
  }

  /** The command that Enter runs. */
  function activeCommand(): Command | undefined {
    const { groups, active } = store.getState();
    return groups
      .flatMap(({ found }) => found)
      .map(({ command }) => command)
      .find(({ id }) => id === active);
  }

  function show(query: string): void {
    const groups = searchCommands(
      [...commands.current(), ...traces],
      query,
      commands.store.getState().recent,
    );
    const ids = idsOf(groups);
    const before = store.getState();
    const isStillListed = before.query === query && before.active !== null && ids.includes(before.active);
    store.setState({ query, groups, active: isStillListed ? before.active : (ids[0] ?? null) });
  }

  return {
    store,
    reset,
    setQuery,
    moveActive,
    setActive,
    activeCommand,
  };
}
