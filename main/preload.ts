import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import type { Result } from './contract/errors.ts';
import { type AnswerOf, CHANNELS, type WorkbenchBridge } from './contract/inspector.ts';

/** Puts the Inspector on `window.workbench`: two functions, no logic, nothing of Electron itself. */
const bridge: WorkbenchBridge = {
  call: (name, argument) =>
    ipcRenderer.invoke(CHANNELS.call, name, argument) as Promise<Result<AnswerOf<typeof name>>>,
  on(event, listener) {
    const receive = (_: IpcRendererEvent, name: string, payload: Parameters<typeof listener>[0]) => {
      if (name === event) listener(payload);
    };
    ipcRenderer.on(CHANNELS.event, receive);
    return () => ipcRenderer.removeListener(CHANNELS.event, receive);
  },
};

contextBridge.exposeInMainWorld('workbench', bridge);
