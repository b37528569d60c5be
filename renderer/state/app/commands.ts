import type { IconProps } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import * as z from 'zod/mini';
import { createStore } from 'zustand/vanilla';
import type { Page } from '../../page.ts';
import type { Announcements } from './announcements.ts';
import { toFailure } from './loadable.ts';
import { listOf, persisted } from './persisted.ts';

/** The groups, in the order in which the palette and the sheet of shortcuts show them. */
export const COMMAND_GROUPS = [
  'This screen',
  'Screens',
  'Plugins',
  'Run',
  'Traces',
  'Contract',
  'Tokens',
  'Settings',
  'Runtime',
  'Appearance',
] as const;
export type CommandGroup = (typeof COMMAND_GROUPS)[number];

/** Something that can be done now. The palette lists it, its keys do it, the sheet of shortcuts shows them. */
export interface Command {
  /** The same over restarts, such as `trace.replay` or `plugin.run:hello`: what was used last is remembered by it. */
  readonly id: string;
  /** Begins with a verb where it is no place: "Replay this trace". */
  readonly title: string;
  readonly group: CommandGroup;
  /** A second, quieter line. */
  readonly about?: string;
  /** Further words that find it. */
  readonly words?: string;
  readonly icon?: ComponentType<IconProps>;
  /**
   * Its shortcut: `R`, `mod+Enter`, `mod+shift+P`, `?`; `mod` is ⌘ on a Mac, Ctrl elsewhere. Without `mod` it is off while the
   * focus is in a field, and in any case while a dialog or a menu has the focus.
   */
  readonly keys?: string;
  /** Keys without `mod` that work in fields, too (Escape). */
  readonly inFields?: boolean;
  /** Why it can't be done now: the palette shows it greyed with these words, and its keys do nothing. */
  readonly unavailable?: string | null;
  /** False: a shortcut only (next, previous), not worth a line of the palette. */
  readonly listed?: boolean;
  readonly run: () => unknown;
}

type Source = () => readonly Command[];

/** The palette and the sheet of shortcuts, and what was done last (ids, newest first). */
export interface CommandState {
  readonly open: 'palette' | 'shortcuts' | null;
  readonly recent: readonly string[];
}

const MAX_RECENT = 8;

export function isUnavailable({ unavailable }: Command): boolean {
  return unavailable !== undefined && unavailable !== null;
}

export type CommandStore = ReturnType<typeof createCommandStore>;

interface CommandDeps {
  readonly announcements: Announcements;
  readonly page: Page;
}

export function createCommandStore({ announcements, page }: CommandDeps) {
  const storedRecent = persisted(page, 'recent-commands', listOf(z.string()));

  /** Read at the moment they are needed, so that a screen that renders often costs nothing here. */
  const sources = new Set<Source>();
  const registrationListeners = new Set<() => void>();

  const store = createStore<CommandState>()(() => ({ open: null, recent: storedRecent.read() }));

  /**
   * Offers commands until the returned undo is called. Components use `useCommands` instead. `source` is called whenever the
   * palette opens or a key is pressed, so it must be quick and free of effects.
   */
  function register(source: Source): () => void {
    sources.add(source);
    for (const listener of registrationListeners) listener();
    return () => sources.delete(source);
  }

  /** Calls back after commands were registered. Returns `unsubscribe`. */
  function onRegistered(listener: () => void): () => void {
    registrationListeners.add(listener);
    return () => registrationListeners.delete(listener);
  }

  /** All that can be done now, in the order of the groups; of two with one id the one registered last counts. */
  function current(): readonly Command[] {
    const byId = new Map<string, Command>();
    for (const source of sources) for (const command of source()) byId.set(command.id, command);
    return [...byId.values()].sort(
      (a, b) => COMMAND_GROUPS.indexOf(a.group) - COMMAND_GROUPS.indexOf(b.group),
    );
  }

  /** Does it, unless it can't be done now; a failure is announced. Remembers it as used last when it is listed. */
  function run(command: Command): void {
    if (isUnavailable(command)) return;
    if (command.listed !== false) remember(command.id);
    Promise.resolve()
      .then(command.run)
      .catch((error) =>
        announcements.announce({
          tone: 'bad',
          title: `${command.title} failed`,
          text: toFailure(error).message,
        }),
      );
  }

  function remember(id: string): void {
    const { recent } = store.getState();
    const latest = [id, ...recent.filter((other) => other !== id)].slice(0, MAX_RECENT);
    store.setState({ recent: latest });
    storedRecent.write(latest);
  }

  function openPalette(): void {
    store.setState({ open: 'palette' });
  }

  function openShortcuts(): void {
    store.setState({ open: 'shortcuts' });
  }

  function close(): void {
    store.setState({ open: null });
  }
  return {
    store,
    register,
    onRegistered,
    current,
    run,
    openPalette,
    openShortcuts,
    close,
  };
}
