import { spawn } from 'node:child_process';
import { app } from 'electron';

/** Longest time that Electron gets to end the process, in seconds. */
const LIMIT_SECONDS = 3;

/** Looks ten times a second whether the process is gone, and ends it when its time is over. */
const SCRIPT = `
left=${LIMIT_SECONDS}0
while kill -0 "$1" 2>/dev/null; do
  if [ "$left" -eq 0 ]; then kill -s KILL "$1"; exit; fi
  left=$((left - 1))
  sleep 0.1
done
`;

/**
 * Ends the process, whatever happens: Electron takes itself down in native code, where it was once seen to loop for
 * ever and no timer of ours runs. Not watched on Windows, which has no shell of this kind.
 */
export function exitSurely(code: number): void {
  if (process.platform !== 'win32') {
    const watcher = spawn('/bin/sh', ['-c', SCRIPT, 'sh', `${process.pid}`], {
      detached: true,
      stdio: 'ignore',
    });
    // Without a process for it, this one ends as it can.
    watcher.on('error', () => undefined);
    watcher.unref();
  }
  app.exit(code);
}
