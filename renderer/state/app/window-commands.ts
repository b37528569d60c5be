import type { UiCommand } from '../../../main/contract/window.ts';
import type { Inspector } from '../../bridge.ts';
import type { CommandStore } from './commands.ts';
import type { FolderStore } from './folder.ts';
import { SCREENS } from './route.ts';
import type { UiStore } from './ui.ts';

/** A screen that was just opened offers its commands once it is drawn. */
const TRIES = 40;
const PAUSE_MS = 25;

export type WindowCommands = ReturnType<typeof createWindowCommands>;

interface WindowCommandDeps {
  readonly inspector: Inspector;
  readonly folder: FolderStore;
  readonly ui: UiStore;
  readonly commands: CommandStore;
}

export function createWindowCommands({ inspector, folder, ui, commands }: WindowCommandDeps) {
  /** Does what the window's menu, or a second start, asks for; returns its undo. */
  function start(): () => void {
    return inspector.on('command', (command) => {
      obey(command).catch((error) => console.error('a command of the window failed', error));
    });
  }

  async function obey(command: UiCommand): Promise<void> {
    if (command.name === 'watch-folder') return folder.watch(command.path);
    const screen = SCREENS.find((known) => known === command.screen);
    if (screen !== undefined && screen !== ui.store.getState().route.screen) ui.navigate(screen);
    const found = await offered(command.id);
    if (found !== undefined) commands.run(found);
  }

  async function offered(id: string) {
    for (let left = TRIES; left > 0; left -= 1) {
      const found = commands.current().find((command) => command.id === id);
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    return undefined;
  }
  return {
    start,
  };
}
