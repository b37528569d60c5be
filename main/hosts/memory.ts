import { readFile } from 'node:fs/promises';
import { descendantsOf } from './process-tree.ts';

/** How often the resident memory of every live process is read. */
const MEMORY_POLL_MS = 250;
/** Every so many times its descendants are looked for. */
const TREE_EVERY = 4;

/**
 * Calls `onExceeded` once when the process and all that it started have more memory than `limitMb`: what grows
 * outside the heap (buffers), or in children, escapes the engine's own limit. Returns `unsubscribe`. Does
 * nothing where there is no /proc.
 */
export function watchMemory(pid: number, limitMb: number, onExceeded: () => void): () => void {
  if (process.platform !== 'linux') return () => undefined;
  let stopped = false;
  let looks = 0;
  let tree: readonly number[] = [pid];
  const stop = () => {
    stopped = true;
    clearInterval(timer);
  };
  const check = async () => {
    if (looks % TREE_EVERY === 0) tree = [pid, ...descendantsOf(pid)];
    looks += 1;
    if (!(await exceeds(tree, limitMb)) || stopped) return;
    stop();
    onExceeded();
  };
  const timer = setInterval(() => {
    check().catch(stop);
  }, MEMORY_POLL_MS);
  timer.unref();
  return stop;
}

async function exceeds(pids: readonly number[], limitMb: number): Promise<boolean> {
  const isOver = (await sum(pids, 'status', /^VmRSS:\s+(\d+) kB$/m)) > limitMb;
  if (!isOver || pids.length === 1) return isOver;
  // Processes share pages, which the resident memory of each counts in full; this divides them.
  return (await sum(pids, 'smaps_rollup', /^Pss:\s+(\d+) kB$/m)) > limitMb;
}

/** Of a figure in these files of /proc, in MiB. */
async function sum(pids: readonly number[], file: string, figure: RegExp): Promise<number> {
  const read = async (pid: number): Promise<number> => {
    try {
      return Number(figure.exec(await readFile(`/proc/${pid}/${file}`, 'utf8'))?.[1] ?? 0) / 1024;
    } catch {
      // It ended between two readings; the exit of a plugin's process is reported elsewhere.
      return 0;
    }
  };
  const figures = await Promise.all(pids.map(read));
  return figures.reduce((total, one) => total + one, 0);
}
