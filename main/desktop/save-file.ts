import { join } from 'node:path';
import { app, BrowserWindow, dialog } from 'electron';
import { writeChunks } from '../system/atomic-file.ts';

/** Where the last file was saved, for the next one; the system's own folder for downloads before. */
let folder: string | null = null;

/** Asks where to save a file and writes it there; null when the dialog was closed. */
export async function saveFile(name: string, chunks: AsyncIterable<string>): Promise<string | null> {
  const options = { defaultPath: join(folder ?? app.getPath('downloads'), name) };
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  const { canceled, filePath } = await (window === undefined
    ? dialog.showSaveDialog(options)
    : dialog.showSaveDialog(window, options));
  if (canceled || filePath === undefined || filePath === '') return null;
  folder = join(filePath, '..');
  await writeChunks(filePath, chunks);
  return filePath;
}
