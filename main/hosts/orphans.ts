import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Log } from '../system/log.ts';
import { sendKill } from './process-tree.ts';

/** A variable of every plugin process, whose value only one has: what it starts inherits it. */
export const MARK_VARIABLE = 'MOZAIKS_WORKBENCH_PROCESS';

/** Ends that come together are one search. Long enough not to be in the way of the answers of a reload. */
const SWEEP_DELAY_MS = 100;
/** What starts others while it is searched for is found the next time. */
const MOST_PASSES = 5;
/** Processes looked at before everything else gets its turn. */
const BATCH = 16;

/**
 * Finds and ends what plugin processes that have ended left behind: processes that left the group and whose
 * parent is gone. Only Linux shows the environment of others; and one that has removed the mark from its own
 * isn't found.
 */
export class Orphans {
  readonly #log: Log;
  readonly #marks = new Set<string>();
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(log: Log) {
    this.#log = log;
  }

  /** The process with this mark has ended. */
  sweep(mark: string): void {
    if (process.platform !== 'linux' || this.#stopped) return;
    this.#marks.add(`${MARK_VARIABLE}=${mark}`);
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      const marks = [...this.#marks];
      this.#marks.clear();
      endMarked(marks).catch((error: unknown) => {
        this.#log.warn('Could not look for what an ended plugin process has left behind', {
          error: String(error),
        });
      });
    }, SWEEP_DELAY_MS).unref();
  }

  /** Looks no more: at the end of its pool the guardian does (guardian.ts). */
  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }
}

async function endMarked(marks: readonly string[]): Promise<void> {
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const found = await findMarked(marks);
    if (found.length === 0) return;
    for (const pid of found) sendKill(pid);
  }
}

async function findMarked(marks: readonly string[]): Promise<readonly number[]> {
  const found: number[] = [];
  const pids = readdirSync('/proc').map(Number).filter(Number.isSafeInteger);
  for (const [at, pid] of pids.entries()) {
    if (at % BATCH === BATCH - 1) await nextTurn();
    const environment = `\0${readEnvironment(pid)}`;
    if (marks.some((mark) => environment.includes(`\0${mark}\0`))) found.push(pid);
  }
  return found;
}

/** Empty for a process that has ended, or is another user's. */
function readEnvironment(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}
