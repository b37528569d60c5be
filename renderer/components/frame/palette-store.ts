import { IconListDetails, IconSearch } from '@tabler/icons-react';
import { createStore } from 'zustand/vanilla';
import type { TraceSummary } from '../../../main/contract/trace.ts';
import type { Inspector } from '../../bridge.ts';
import type { Command, CommandStore } from '../../state/app/commands.ts';
import { settle } from '../../state/app/loadable.ts';
import { parseRoute } from '../../state/app/route.ts';
import type { UiStore } from '../../state/app/ui.ts';
import { formatDuration, formatTime, shortenId } from '../text/format.ts';
import { type FoundGroup, searchCommands } from './palette-search.ts';

export interface PaletteState {
  readonly query: string;
  readonly groups: readonly FoundGroup[];
  /** Id of the command that Enter does; null when nothing was found. */
  readonly active: string | null;
}

const ASK_MS = 150;
const MAX_TRACES = 5;

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

  /** Traces that the runtime found for the query, as commands. */
  let traces: readonly Command[] = [];
  let question = 0;
  let soon: ReturnType<typeof setTimeout> | undefined;

  /** Empties the query and lists what can be done now. */
  function reset(): void {
    setQuery('');
  }

  function setQuery(query: string): void {
    traces = searchTraces(query);
    show(query);
    clearTimeout(soon);
    const asked = ++question;
    if (query.trim().length < 3) return;
    soon = setTimeout(() => {
      findTraces(query.trim()).then(
        (found) => {
          if (asked !== question || found.length === 0) return;
          traces = [...traces, ...found];
          show(query);
        },
        (error) => console.error('traces not searched', error),
      );
    }, ASK_MS);
  }

  /** Makes the command `step` lines below the active one active; goes round at the ends. */
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

  /** The command that Enter does. */
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
    const kept = before.query === query && before.active !== null && ids.includes(before.active);
    store.setState({ query, groups, active: kept ? before.active : (ids[0] ?? null) });
  }

  /** Leads to the Traces screen with the query as its filter. */
  function searchTraces(query: string): readonly Command[] {
    const text = query.trim();
    if (text.length < 2) return [];
    return [
      ...linkCommands(text),
      {
        id: 'traces.search',
        title: 'Search traces for this text',
        group: 'Traces',
        icon: IconSearch,
        about: `“${text}” in bodies, users, ids and messages`,
        words: text,
        run: () => ui.navigate('traces', { params: { text } }),
      },
    ];
  }

  /** A copied link such as `#/traces/4bf92f3577b34da6` leads where it says, whatever address stands before it. */
  function linkCommands(text: string): readonly Command[] {
    const hash = /#(\/\w\S*)$/.exec(text)?.[1];
    if (hash === undefined) return [];
    const { screen, ...target } = parseRoute(hash);
    return [
      {
        id: 'link.open',
        title: 'Open this link',
        group: 'Traces',
        icon: IconListDetails,
        about: `#${hash}`,
        words: text,
        run: () => ui.navigate(screen, target),
      },
    ];
  }

  async function findTraces(text: string): Promise<readonly Command[]> {
    const answer = await settle(inspector.call('traces', { limit: MAX_TRACES, text }));
    return answer.state === 'ready' ? answer.value.traces.map((trace) => traceCommand(trace, text)) : [];
  }

  function traceCommand(trace: TraceSummary, text: string): Command {
    const { id, plugin, startedAt, durationMs, outcome } = trace;
    return {
      id: `trace:${id}`,
      title: `Open trace ${shortenId(id)} of ${plugin}`,
      group: 'Traces',
      icon: IconListDetails,
      about: [formatTime(startedAt), outcome.replace('_', ' '), formatDuration(durationMs)].join(' · '),
      // The runtime found it by this text, wherever it stands.
      words: `${id} ${text}`,
      run: () => ui.navigate('traces', { item: id }),
    };
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
