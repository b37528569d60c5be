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
type CommandGroup = (typeof COMMAND_GROUPS)[number];

/**
 * An action that is available now: listed in the palette, run by its keys, shown in the sheet of shortcuts.
 */
export interface Command {
  /**
   * Stable across restarts, such as `trace.replay` or `plugin.run:hello`: recent commands are remembered by
   * it.
   */
  readonly id: string;
  /** Begins with a verb unless it is a place: "Replay this trace". */
  readonly title: string;
  readonly group: CommandGroup;
  /** A second, quieter line. */
  readonly about?: string;
  /** Further search terms. */
  readonly words?: string;
  readonly icon?: ComponentType<IconProps> | undefined;
  /**
   * Its shortcut: `R`, `mod+Enter`, `mod+shift+P`, `?`; `mod` is ⌘ on a Mac, Ctrl elsewhere. Without `mod` it
   * is off while a field has the focus; every shortcut is off while a dialog or a menu has it.
   */
  readonly keys?: string;
  /** Keys without `mod` that work in fields, too (Escape). */
  readonly inFields?: boolean;
  /** Why it is unavailable: the palette shows it greyed out with this reason, and its keys do nothing. */
  readonly unavailable?: string | null;
  /** False: a shortcut only (next, previous), left out of the palette. */
  readonly listed?: boolean;
  readonly run: () => unknown;
}

type Source = () => readonly Command[];

/** Which of palette and sheet of shortcuts is open, and the recent commands (ids, newest first). */
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

  /** Called only when needed, so that a screen that renders often costs nothing here. */
  const sources = new Set<Source>();
  const registrationListeners = new Set<() => void>();

  const store = createStore<CommandState>()(() => ({ open: null, recent: storedRecent.read() }));

  /**
   * Offers commands; returns `unsubscribe`. Components use `useCommands` instead. `source` is called whenever
   * the palette opens or a key is pressed, so it must be quick and free of effects.
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

  /**
   * All commands available now, in the order of the groups; of two with one id the one registered last wins.
   */
  function current(): readonly Command[] {
    const byId = new Map<string, Command>();
    for (const source of sources) for (const command of source()) byId.set(command.id, command);
    return [...byId.values()].sort(
      (a, b) => COMMAND_GROUPS.indexOf(a.group) - COMMAND_GROUPS.indexOf(b.group),
    );
  }

  /** Runs it unless it is unavailable; a failure is announced. A listed one is remembered as recent. */
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
