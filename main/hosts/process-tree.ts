import { readdirSync, readFileSync } from 'node:fs';
import { hasErrorCode } from '../system/errors.ts';

/** More descendants than this are neither counted nor ended one by one. */
const MOST_DESCENDANTS = 1_000;

/**
 * The processes that this one started, and those that they started: also those that left its group. Empty
 * where there is no /proc. What has lost its parent isn't found here (orphans.ts).
 */
export function descendantsOf(pid: number): readonly number[] {
  const found: number[] = [];
  const open = [pid];
  for (let next = open.pop(); next !== undefined && found.length < MOST_DESCENDANTS; next = open.pop()) {
    const children = childrenOf(next);
    found.push(...children);
    open.push(...children);
  }
  return found;
}

/** Ends a process that leads a group, its group and its descendants, at once. It may have ended already. */
export function killTree(pid: number): void {
  // Before the kill: what it started has another parent afterwards.
  const descendants = descendantsOf(pid);
  killGroup(pid);
  for (const one of descendants) sendKill(one);
}

/** `pid` led the group; it may have ended. Without groups, on Windows, it is ended alone. */
export function killGroup(pid: number): void {
  sendKill(process.platform === 'win32' ? pid : -pid);
}

/** `pid`: negative for a group. */
export function sendKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: none is left, which is the goal. EPERM: what is left runs as another user, or is a zombie (macOS).
    if (!hasErrorCode(error, 'ESRCH', 'EPERM')) throw error;
  }
}

function childrenOf(pid: number): readonly number[] {
  try {
    // Each thread has a list of its own.
    const lists = readdirSync(`/proc/${pid}/task`).map((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8'),
    );
    return lists.join(' ').split(' ').filter(Boolean).map(Number);
  } catch {
    // It has ended meanwhile, or this system has no such lists.
    return [];
  }
}
