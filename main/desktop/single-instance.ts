import { resolve } from 'node:path';
import { app, type BrowserWindow } from 'electron';
import { parseArguments } from '../config/layers.ts';
import { createCommandSender, raise } from './window-commands.ts';

/** What a second start hands to the first one. */
interface Wish {
  /** The folder it was told to watch; absolute, or null. */
  readonly folder: string | null;
}

/** Whether this is the only workbench of this user; else the first one is told what this one was asked for. */
export function isOnlyInstance(argv: readonly string[], cwd: string): boolean {
  const folder = parseArguments(argv).values.MOZAIKS_PLUGINS_PATH;
  const wish: Wish = { folder: folder === undefined ? null : resolve(cwd, folder) };
  return app.requestSingleInstanceLock({ ...wish });
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

/** Another process sent it: checked like anything from outside. */
function folderOf(data: unknown): string | null {
  if (typeof data !== 'object' || data === null || !('folder' in data)) return null;
  return typeof data.folder === 'string' ? data.folder : null;
}
