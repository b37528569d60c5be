import * as electron from 'electron';
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
  pathOf,
};

/** The path of what was dropped: Electron 32 took it off the file and put it behind `webUtils`. */
function pathOf(file: object): string {
  const { webUtils } = electron as { webUtils?: { getPathForFile(file: object): string } };
  const path = webUtils === undefined ? (file as { path?: unknown }).path : webUtils.getPathForFile(file);
  return typeof path === 'string' ? path : '';
}

contextBridge.exposeInMainWorld('workbench', bridge);
