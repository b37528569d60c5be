import { app } from 'electron';
import type { Log } from '../system/log.ts';
import { waitAtMost } from '../system/wait.ts';
import { exitSurely } from './exit.ts';

/** A little more than a runtime's stop takes at most. */
const STOP_LIMIT_MS = 2_800;

/** How the program ends: what has to stop first, and with which exit code. */
export interface Shutdown {
  /** The code that quitting now ends with. */
  code: number;
  /** What quitting waits for, at most {@link STOP_LIMIT_MS}. */
  stop: () => Promise<unknown>;
}

/** Quitting waits for `stop`, so that no plugin process is left behind. */
export function createShutdown(log: Log): Shutdown {
  const shutdown: Shutdown = { code: 0, stop: async () => undefined };
  let stopping = false;
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (stopping) return;
    stopping = true;
    waitAtMost(shutdown.stop(), STOP_LIMIT_MS)
      .catch((error: unknown) => log.error('Could not stop the runtime cleanly', error))
      .finally(() => exitSurely(shutdown.code));
  });
  return shutdown;
}
