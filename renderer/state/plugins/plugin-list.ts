import * as z from 'zod/mini';
import { createStore } from 'zustand/vanilla';
import type { PluginView } from '../../../main/contract/plugin-view.ts';
import type { Page } from '../../page.ts';
import { fieldsOf, persisted } from '../app/persisted.ts';
import type { RuntimeStore } from '../app/runtime.ts';
import type { UiStore } from '../app/ui.ts';

/** The list of plugins: its order and filter, and which plugin is shown beside it. */

const PLUGIN_COLUMNS = [
  'name',
  'status',
  'language',
  'version',
  'reload',
  'latency',
  'calls',
  'p95',
  'errors',
] as const;
export type PluginColumn = (typeof PLUGIN_COLUMNS)[number];

export interface PluginListState {
  readonly column: PluginColumn;
  readonly descending: boolean;
  /** Part of a name, a description, a language or a status. */
  readonly filter: string;
  /** The plugin shown last. */
  readonly last: string | null;
  /** One is shown beside the list. */
  readonly detail: boolean;
}

/** The filter starts empty, so that no plugin seems to be missing. */
const LIST_STATE = fieldsOf({
  column: z.catch(z.enum(PLUGIN_COLUMNS), 'name'),
  descending: z.catch(z.boolean(), false),
  filter: z.catch(z.literal(''), ''),
  last: z.catch(z.nullable(z.string()), null),
  detail: z.catch(z.boolean(), true),
});

function isFigure(column: PluginColumn): boolean {
  return !['name', 'status', 'language', 'version'].includes(column);
}

/**
 * The plugin beside the list: the one in the address, otherwise the last one, one that needs attention, or
 * the first.
 */
export function shownOf(
  plugins: readonly PluginView[],
  named: string | null,
  { last, detail }: Pick<PluginListState, 'last' | 'detail'>,
): string | null {
  if (named !== null) return named;
  if (!detail) return null;
  const known = plugins.find(({ name }) => name === last);
  return (known ?? plugins.find(({ failure }) => failure !== null) ?? plugins[0])?.name ?? null;
}

/** Those that match every word of the filter, in the chosen order; equal ones by name. Pure. */
export function listed(
  plugins: readonly PluginView[],
  { column, descending, filter }: Pick<PluginListState, 'column' | 'descending' | 'filter'>,
): readonly PluginView[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = plugins.filter((plugin) => {
    const text = textOf(plugin);
    return words.every((word) => text.includes(word));
  });
  const turn = descending ? -1 : 1;
  return matches.sort(
    (one, other) => turn * compare(keyOf(one, column), keyOf(other, column)) || byName(one, other),
  );
}

function textOf({ name, displayName, description, language, status }: PluginView): string {
  return [name, displayName, description, language, status].join('\n').toLowerCase();
}

/** A missing value sorts below every number. */
function keyOf({ name, status, language, version, lastReload, stats }: PluginView, column: PluginColumn) {
  switch (column) {
    case 'name':
      return name;
    case 'status':
      return status;
    case 'language':
      return language;
    case 'version':
      return version;
    case 'reload':
      return lastReload?.at ?? -1;
    case 'latency':
      return lastReload?.latencyMs ?? -1;
    case 'calls':
      return stats.calls;
    case 'p95':
      return stats.p95Ms ?? -1;
    case 'errors':
      return stats.errors + stats.timeouts;
  }
}

function compare(one: string | number, other: string | number): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return String(one).localeCompare(String(other), 'en', { numeric: true, sensitivity: 'base' });
}

function byName(one: PluginView, other: PluginView): number {
  return one.name < other.name ? -1 : 1;
}

export type PluginListStore = ReturnType<typeof createPluginListStore>;

interface PluginListDeps {
  readonly page: Page;
  readonly ui: UiStore;
  readonly runtime: RuntimeStore;
}

export function createPluginListStore({ page, ui, runtime }: PluginListDeps) {
  const stored = persisted<PluginListState>(page, 'plugins', LIST_STATE);
  const store = createStore<PluginListState>()(() => stored.read());

  function remember(changes: Partial<PluginListState>): void {
    store.setState(changes);
    stored.write(store.getState());
  }

  /** Sorts by this column; a second time reverses the order. Numbers start with the largest. */
  function sortBy(column: PluginColumn): void {
    const present = store.getState();
    const descending = present.column === column ? !present.descending : isFigure(column);
    remember({ column, descending });
  }

  function setFilter(filter: string): void {
    store.setState({ filter });
  }

  /** Shows a plugin beside the list. */
  function choose(name: string): void {
    const { route } = ui.store.getState();
    const replace = route.screen === 'plugins' && route.item !== null;
    ui.navigate('plugins', { item: name }, { replace });
  }

  function closeDetail(): void {
    remember({ detail: false });
    ui.navigate('plugins');
  }

  /** Remembers which plugin the address names. */
  function rememberChosen(name: string): void {
    const { last, detail } = store.getState();
    if (last !== name || !detail) remember({ last: name, detail: true });
  }

  /** The name of the plugin whose detail is on the screen now; null when there is none. */
  function shownPlugin(): string | null {
    const { route } = ui.store.getState();
    if (route.screen !== 'plugins') return null;
    return shownOf(runtime.currentSnapshot()?.plugins ?? [], route.item, store.getState());
  }
  return {
    store,
    sortBy,
    setFilter,
    choose,
    closeDetail,
    rememberChosen,
    shownPlugin,
  };
}
