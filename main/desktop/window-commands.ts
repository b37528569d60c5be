import type { BrowserWindow } from 'electron';
import { CHANNELS, type InspectorEventName, type InspectorEvents } from '../contract/inspector.ts';
import type { UiCommand } from '../contract/window.ts';

export type SendCommand = (command: UiCommand) => void;

/** Asks the window's page to do something; a page that is still loading is asked when it is there. */
export function createCommandSender(window: BrowserWindow): SendCommand {
  return (command) => {
    if (window.isDestroyed()) return;
    const { webContents } = window;
    if (!webContents.isLoading()) sendEvent(window, 'command', command);
    else webContents.once('did-finish-load', () => sendEvent(window, 'command', command));
  };
}

/** One event that is for this window alone, unlike those of the runtime, which every UI gets. */
export function sendEvent<E extends InspectorEventName>(
  window: BrowserWindow,
  event: E,
  payload: InspectorEvents[E],
): void {
  if (!window.isDestroyed()) window.webContents.send(CHANNELS.event, event, payload);
}

/** Brings the window to the front, even when it is minimized or hidden. */
export function raise(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  if (!window.isVisible()) window.show();
  window.focus();
}
