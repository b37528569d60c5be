import * as electron from 'electron';
import { droppedFilePath } from '../bin/fallback-electron/dropped-file.ts';
import type { Result } from '../contract/errors.ts';
import { type AnswerOf, CHANNELS, type WorkbenchBridge } from '../contract/inspector.ts';

const { contextBridge, ipcRenderer } = electron;

/** Puts the Inspector on `window.workbench`: three functions, no logic, nothing of Electron itself. */
const bridge: WorkbenchBridge = {
  call: (name, argument) =>
    ipcRenderer.invoke(CHANNELS.call, name, argument) as Promise<Result<AnswerOf<typeof name>>>,
  on(event, listener) {
    const receive = (_: electron.IpcRendererEvent, name: string, payload: Parameters<typeof listener>[0]) => {
      if (name === event) listener(payload);
    };
    ipcRenderer.on(CHANNELS.event, receive);
    return () => ipcRenderer.removeListener(CHANNELS.event, receive);
  },
  pathOf: (file) => droppedFilePath(file, electron),
};

contextBridge.exposeInMainWorld('workbench', bridge);
