import { resolve } from 'node:path';
import { app, type BrowserWindow } from 'electron';
import { parseArguments } from '../config/layers.ts';
import { createCommandSender, raise } from './window-commands.ts';

/** What a second start hands to the first one. */
interface StartRequest {
  /** The folder to watch; absolute, or null for none. */
  readonly folder: string | null;
}

/** Whether this is the user's only workbench; else the first one receives what this one was started for. */
export function isOnlyInstance(argv: readonly string[], cwd: string): boolean {
  const folder = parseArguments(argv).values.MOZAIKS_PLUGINS_PATH;
  const request: StartRequest = { folder: folder === undefined ? null : resolve(cwd, folder) };
  return app.requestSingleInstanceLock({ ...request });
}

/** A second start brings the first one's window to the front, and the folder it names is watched there. */
export function onSecondInstance(present: () => BrowserWindow | null): void {
  app.on('second-instance', (_event, _argv, _cwd, data: unknown) => {
    const window = present();
    if (window === null || window.isDestroyed()) return;
    raise(window);
    const path = folderOf(data);
    if (path !== null) createCommandSender(window)({ name: 'watch-folder', path });
  });
}

/** Another process sent it, so it is checked like anything from outside. */
function folderOf(data: unknown): string | null {
  if (typeof data !== 'object' || data === null || !('folder' in data)) return null;
  return typeof data.folder === 'string' ? data.folder : null;
}
