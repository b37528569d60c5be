import type { UiCommand } from '../../../main/contract/window.ts';
import type { Inspector } from '../../bridge.ts';
import type { Command, CommandStore } from './commands.ts';
import type { FolderStore } from './folder.ts';
import type { UiStore } from './ui.ts';

/**
 * A screen that was just opened offers its commands once it is rendered, for which its chunk may have to
 * load.
 */
const OFFER_TIMEOUT_MS = 1000;

interface WindowCommandDeps {
  readonly inspector: Inspector;
  readonly commands: CommandStore;
  readonly folder: FolderStore;
  readonly ui: UiStore;
}

/** Runs the commands of the window's menu and of a second start. */
export function createWindowCommands({ inspector, commands, folder, ui }: WindowCommandDeps) {
  /** Returns `unsubscribe`. */
  function start(): () => void {
    return inspector.on('command', (command) => {
      execute(command).catch((error) => console.error('window command failed', error));
    });
  }

  async function execute(command: UiCommand): Promise<void> {
    if (command.name === 'watch-folder') return folder.watch(command.path);
    const { screen } = command;
    if (screen !== undefined && screen !== ui.store.getState().route.screen) ui.navigate(screen);
    const found = await offered(command.id);
    if (found !== undefined) commands.run(found);
  }

  /** The command with this id, as soon as it is offered; undefined after the timeout. */
  function offered(id: string): Promise<Command | undefined> {
    const find = () => commands.current().find((command) => command.id === id);
    const found = find();
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve) => {
      const finish = (command: Command | undefined) => {
        clearTimeout(timer);
        unsubscribe();
        resolve(command);
      };
      const timer = setTimeout(() => finish(undefined), OFFER_TIMEOUT_MS);
      const unsubscribe = commands.onRegistered(() => {
        const command = find();
        if (command !== undefined) finish(command);
      });
    });
  }

  return { start };
}
