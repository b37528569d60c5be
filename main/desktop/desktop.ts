import { BrowserWindow, dialog, shell } from 'electron';
import { WorkbenchError } from '../contract/errors.ts';
import type { Desktop } from '../inspector/deps.ts';
import { saveFile } from './save-file.ts';
import type { WindowStore } from './window-store.ts';

/** What the window's UI can have done outside of it, by the system's own means. */
export function createDesktop(kept: WindowStore): Desktop {
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
    setAppearance: (change) => kept.setAppearance(change),
    saveFile,
  };
}
