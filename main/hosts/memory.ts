import { readFile } from 'node:fs/promises';

/** How often the resident memory of every live process is read. */
const MEMORY_POLL_MS = 250;

/**
 * Calls `onExceeded` once when the process has more resident memory than `limitMb`: what grows outside the
 * heap (buffers) escapes the engine's own limit. Returns `unsubscribe`. Does nothing where there is no /proc.
 */
export function watchMemory(pid: number, limitMb: number, onExceeded: () => void): () => void {
  if (process.platform !== 'linux') return () => undefined;
  let stopped = false;
  const stop = () => {
    stopped = true;
    clearInterval(timer);
  };
  const check = async () => {
    const residentMb = await readResidentMb(pid);
    if (stopped || residentMb === null || residentMb <= limitMb) return;
    stop();
    onExceeded();
  };
  const timer = setInterval(() => {
    check().catch(stop);
  }, MEMORY_POLL_MS);
  timer.unref();
  return stop;
}

/** Resident memory in MiB, or null when the process is gone. */
async function readResidentMb(pid: number): Promise<number | null> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
    return kibibytes === undefined ? null : Number(kibibytes) / 1024;
  } catch {
    // The process ended between two readings; its exit is reported elsewhere.
    return null;
  }
}
