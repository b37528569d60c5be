import { join } from 'node:path';
import { app, BrowserWindow, dialog, shell } from 'electron';
import { WorkbenchError } from '../contract/errors.ts';
import type { Desktop } from '../inspector/deps.ts';
import { writeChunks } from '../system/atomic-file.ts';
import type { WindowStore } from './window-store.ts';

/** What the window's UI asks of the system: its dialogs, its file manager, its browser. */
export function createDesktop(windowStore: WindowStore): Desktop {
  /** Where the last file was saved; until then the system's own folder for downloads. */
  let saveFolder: string | null = null;
  return {
    async openPath(path) {
      const problem = await shell.openPath(path);
      if (problem !== '')
        throw new WorkbenchError('INTERNAL_ERROR', `${path} could not be opened: ${problem}`);
    },
    openLink: (url) => shell.openExternal(url),
    async chooseFolder(present) {
      const options = {
        title: 'Choose the folder of your plugins',
        buttonLabel: 'Watch this folder',
        defaultPath: present,
        properties: ['openDirectory', 'createDirectory'] as 'openDirectory'[],
      };
      const [window] = BrowserWindow.getAllWindows();
      const { canceled, filePaths } = await (window === undefined
        ? dialog.showOpenDialog(options)
        : dialog.showOpenDialog(window, options));
      return canceled ? null : (filePaths[0] ?? null);
    },
    setAppearance: (change) => windowStore.setAppearance(change),
    async saveFile(name, chunks) {
      const options = { defaultPath: join(saveFolder ?? app.getPath('downloads'), name) };
      const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
      const { canceled, filePath } = await (window === undefined
        ? dialog.showSaveDialog(options)
        : dialog.showSaveDialog(window, options));
      if (canceled || filePath === undefined || filePath === '') return null;
      saveFolder = join(filePath, '..');
      await writeChunks(filePath, chunks);
      return filePath;
    },
  };
}
