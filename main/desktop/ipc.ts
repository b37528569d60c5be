import { type IpcMainInvokeEvent, ipcMain, type WebContents, type WebFrameMain } from 'electron';
import type { Result } from '../contract/errors.ts';
import { CHANNELS } from '../contract/inspector.ts';
import type { Inspector } from '../inspector/inspector.ts';
import type { Log } from '../system/log.ts';

/**
 * The Inspector over Electron's IPC. Threat model: a page that was smuggled into a frame of the window, or a
 * window that was led elsewhere, must not reach it. So every call is checked for its sender: the main frame,
 * on our own origin.
 */

/** Registers the one handler. Returns a function that removes it. */
export function serveInspector(inspector: Pick<Inspector, 'call'>, uiOrigin: string, log: Log): () => void {
  ipcMain.handle(
    CHANNELS.call,
    (event, name: unknown, argument: unknown): Promise<Result<unknown>> | Result<unknown> => {
      if (isTrustedSender(event, uiOrigin)) return inspector.call(name, argument);
      log.warn('Refused an Inspector call from a foreign frame', {
        from: event.senderFrame?.url ?? 'a gone frame',
      });
      return { ok: false, error: { code: 'FORBIDDEN', message: 'Only the workbench window may call this' } };
    },
  );
  return () => ipcMain.removeHandler(CHANNELS.call);
}

function isTrustedSender({ sender, senderFrame }: IpcMainInvokeEvent, uiOrigin: string): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && originOf(senderFrame) === uiOrigin;
}

/** `scheme://host` also for our own scheme, for which `URL.origin` says "null". */
function originOf(frame: WebFrameMain): string {
  try {
    const { protocol, host } = new URL(frame.url);
    return `${protocol}//${host}`;
  } catch {
    return ''; // A frame without an address is not ours.
  }
}

/** Sends the Inspector's events to one window while it can be seen. Returns `unsubscribe`. */
export function sendEvents(
  inspector: Inspector,
  contents: WebContents,
  isVisible: () => boolean,
): () => void {
  return inspector.events.subscribe({
    isVisible: () => !contents.isDestroyed() && isVisible(),
    send: (event, payload) => contents.send(CHANNELS.event, event, payload),
  });
}
