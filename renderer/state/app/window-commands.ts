import type { UiCommand } from '../../../main/contract/window.ts';
import { on } from '../../bridge.ts';
import { currentCommands, runCommand } from './commands.ts';
import { watchFolder } from './folder.ts';
import { navigate, uiStore } from './ui.ts';

/** Does what the window's menu, or a second start, asks for; returns its undo. */
export function startWindowCommands(): () => void {
  return on('command', (command) => {
    obey(command).catch((error) => console.error('a command of the window failed', error));
  });
}

async function obey(command: UiCommand): Promise<void> {
  if (command.name === 'watch-folder') return watchFolder(command.path);
  const { screen } = command;
  if (screen !== undefined && screen !== uiStore.getState().route.screen) navigate(screen);
  const found = await offered(command.id);
  if (found !== undefined) runCommand(found);
}

/** A screen that was just opened offers its commands once it is drawn. */
const TRIES = 40;
const PAUSE_MS = 25;

async function offered(id: string) {
  for (let left = TRIES; left > 0; left -= 1) {
    const found = currentCommands().find((command) => command.id === id);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return undefined;
}
