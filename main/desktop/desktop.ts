import { join } from 'node:path';
import { app, BrowserWindow, dialog, type MessageBoxOptions, shell } from 'electron';
import type { Desktop } from '../inspector/deps.ts';
import { writeChunks } from '../system/atomic-file.ts';
import { markHidden } from '../system/printable.ts';
import type { WindowStore } from './window-store.ts';

/** What the window's UI asks of the system: its dialogs, its file manager, its browser. */
export function createDesktop(windowStore: WindowStore): Desktop {
  /** Where the last file was saved; until then the system's own folder for downloads. */
  let saveFolder: string | null = null;
  /** One question at a time, however many folders others name. */
  let isAsking = false;
  return {
    showFolder: (path) => shell.showItemInFolder(path),
    async confirmFolder(path) {
      if (isAsking) return false;
      isAsking = true;
      try {
        return await askToRun(path);
      } finally {
        isAsking = false;
      }
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

const RUN_BUTTON = 0;
const CANCEL_BUTTON = 1;

async function askToRun(path: string): Promise<boolean> {
  const options: MessageBoxOptions = {
    type: 'warning',
    message: 'Run the plugins in this folder?',
    // Hidden characters could make the question read otherwise.
    detail: `${markHidden(path)}\n\nTheir code runs with your rights. You are asked once for each folder.`,
    buttons: ['Run plugins', 'Cancel'],
    defaultId: CANCEL_BUTTON,
    cancelId: CANCEL_BUTTON,
    noLink: true,
  };
  const [window] = BrowserWindow.getAllWindows();
  const { response } = await (window === undefined
    ? dialog.showMessageBox(options)
    : dialog.showMessageBox(window, options));
  return response === RUN_BUTTON;
}
