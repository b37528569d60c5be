import { readFileSync } from 'node:fs';
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
  let looks = 0;
  let tree: readonly number[] = [pid];
  const timer = setInterval(() => {
    if (looks % TREE_EVERY === 0) tree = [pid, ...descendantsOf(pid)];
    looks += 1;
    if (!exceeds(tree, limitMb)) return;
    clearInterval(timer);
    onExceeded();
  }, MEMORY_POLL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

function exceeds(pids: readonly number[], limitMb: number): boolean {
  const isOver = sum(pids, 'status', /^VmRSS:\s+(\d+) kB$/m) > limitMb;
  if (!isOver || pids.length === 1) return isOver;
  // Processes share pages, which the resident memory of each counts in full; this divides them.
  return sum(pids, 'smaps_rollup', /^Pss:\s+(\d+) kB$/m) > limitMb;
}

/**
 * Of a figure in these files of /proc, in MiB. Read at once: nothing there waits for a disk, and by the thread
 * pool each would take ten times as long.
 */
function sum(pids: readonly number[], file: string, figure: RegExp): number {
  const read = (pid: number): number => {
    try {
      return Number(figure.exec(readFileSync(`/proc/${pid}/${file}`, 'utf8'))?.[1] ?? 0) / 1024;
    } catch {
      // It ended between two readings; the exit of a plugin's process is reported elsewhere.
      return 0;
    }
  };
  return pids.reduce((total, pid) => total + read(pid), 0);
}
