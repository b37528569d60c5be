import { IconListDetails, IconSearch } from '@tabler/icons-react';
import { createStore } from 'zustand/vanilla';
import type { TraceSummary } from '../../../main/contract/trace.ts';
import { call } from '../../bridge.ts';
import { readStored, writeStored } from '../../page.ts';
import { type Command, commandStore, currentCommands } from '../../state/app/commands.ts';
import { settle } from '../../state/app/loadable.ts';
import { parseRoute } from '../../state/app/route.ts';
import { navigate } from '../../state/app/ui.ts';
import { formatDuration, formatTime, shortenId } from '../text/format.ts';
import { type FoundGroup, searchCommands } from './palette-search.ts';

export interface PaletteState {
  readonly query: string;
  readonly groups: readonly FoundGroup[];
  /** Id of the command that Enter does; null when nothing was found. */
  readonly active: string | null;
}

export const paletteStore = createStore<PaletteState>()(() => ({ query: '', groups: [], active: null }));

const RECENT = 'recent-commands';
const ASK_MS = 150;
const MAX_TRACES = 5;

/** Traces that the runtime found for the query, as commands. */
let traces: readonly Command[] = [];
let question = 0;
let soon: ReturnType<typeof setTimeout> | undefined;

/** Remembers over restarts what was used last; returns its undo. */
export function startRecent(): () => void {
  const stored = readStored(RECENT);
  if (Array.isArray(stored)) {
    commandStore.setState({ recent: stored.filter((id): id is string => typeof id === 'string') });
  }
  return commandStore.subscribe(({ recent }, before) => {
    if (recent !== before.recent) writeStored(RECENT, recent);
  });
}

/** Empties the query and lists what can be done now. */
export function startPalette(): void {
  setPaletteQuery('');
}

export function setPaletteQuery(query: string): void {
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
export function moveActive(step: number): void {
  const { groups, active } = paletteStore.getState();
  const ids = idsOf(groups);
  if (ids.length === 0) return;
  const at = active === null ? -1 : ids.indexOf(active);
  const next = ids[(at + step + ids.length) % ids.length];
  paletteStore.setState({ active: next ?? null });
}

export function setActive(id: string): void {
  paletteStore.setState({ active: id });
}

/** The command that Enter does. */
export function activeCommand(): Command | undefined {
  const { groups, active } = paletteStore.getState();
  return groups
    .flatMap(({ found }) => found)
    .map(({ command }) => command)
    .find(({ id }) => id === active);
}

function show(query: string): void {
  const groups = searchCommands([...currentCommands(), ...traces], query, commandStore.getState().recent);
  const ids = idsOf(groups);
  const before = paletteStore.getState();
  const kept = before.query === query && before.active !== null && ids.includes(before.active);
  paletteStore.setState({ query, groups, active: kept ? before.active : (ids[0] ?? null) });
}

function idsOf(groups: readonly FoundGroup[]): readonly string[] {
  return groups.flatMap(({ found }) => found.map(({ command }) => command.id));
}

/** Leads to the Traces screen with the query as its filter. */
function searchTraces(query: string): readonly Command[] {
  const text = query.trim();
  if (text.length < 2) return [];
  return [
    ...linkCommands(text),
    {
      id: 'traces.search',
      title: 'Find it in traces',
      group: 'Traces',
      icon: IconSearch,
      about: `“${text}” in bodies, users, ids and messages`,
      words: text,
      run: () => navigate('traces', { params: { text } }),
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
      run: () => navigate(screen, target),
    },
  ];
}

async function findTraces(text: string): Promise<readonly Command[]> {
  const answer = await settle(call('traces', { limit: MAX_TRACES, text }));
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
    run: () => navigate('traces', { item: id }),
  };
}
