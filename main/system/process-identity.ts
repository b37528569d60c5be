import { readFile } from 'node:fs/promises';
import { hasErrorCode } from './errors.ts';

/** Whether a process that left something behind is still there: a pid alone may be another's by now. */

/** Whether a process of this machine has this pid. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasErrorCode(error, 'EPERM');
  }
}

/** The start of a process in ticks since its machine's, on Linux; null where that is unknown. */
export async function startOf(pid: number): Promise<string | null> {
  try {
    const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ').at(-1)?.split(' ');
    return fields?.[19] ?? null;
  } catch {
    // No /proc, or the process has just ended: its pid alone has to do.
    return null;
  }
}
