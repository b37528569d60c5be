/** What a runtime takes of the machine. Where there is no /proc, NaN and nothing are all that is found. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { descendants, residentMb } from '../bench/server-process.mjs';

const GAP_MS = 250;
/** So many readings alike are quiet. */
const ALIKE = 8;
const QUIET_WITHIN_MS = 30_000;

/**
 * @typedef {object} Reading
 * @property {number} memory       resident, of the runtime alone; MiB
 * @property {number} descriptors  open in the runtime
 * @property {number} processes    below the runtime
 * @property {number} orphans      of the runtime, but not below it any more
 * @property {number} files        in its temporary folder, folders included
 */

/** @returns {Reading} `temporary` is a folder that is TMPDIR of this runtime and of nobody else */
function read(pid, temporary) {
  const below = new Set([pid, ...(descendants(pid) ?? [])]);
  return {
    memory: residentMb(pid),
    descriptors: entries(`/proc/${pid}/fd`)?.length ?? Number.NaN,
    processes: below.size - 1,
    orphans: processesOf(temporary).filter((one) => !below.has(one)).length,
    files: countFiles(temporary),
  };
}

/** The processes that were started with this temporary folder, directly or by one that was. */
export function processesOf(temporary) {
  const mark = `TMPDIR=${temporary}\0`;
  return (entries('/proc') ?? [])
    .filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(mark))
    .map(Number);
}

/** The first reading that stays as it is; memory, which never does, is left out. */
export async function readWhenQuiet(pid, temporary) {
  const until = performance.now() + QUIET_WITHIN_MS;
  let last = read(pid, temporary);
  for (let alike = 1; alike < ALIKE && performance.now() < until; ) {
    await delay(GAP_MS);
    const next = read(pid, temporary);
    alike = ['descriptors', 'processes', 'orphans', 'files'].every((key) => Object.is(next[key], last[key]))
      ? alike + 1
      : 1;
    last = next;
  }
  return last;
}

/** The first reading without a breach, or the last one when time is up. */
export async function readUntil(pid, temporary, breachesOf) {
  const until = performance.now() + QUIET_WITHIN_MS;
  for (;;) {
    const reading = read(pid, temporary);
    if (breachesOf(reading).length === 0 || performance.now() > until) return reading;
    await delay(GAP_MS);
  }
}

function countFiles(folder) {
  try {
    return readdirSync(folder, { recursive: true }).length;
  } catch {
    // A folder was removed while it was read: no figure that could pass for quiet.
    return Number.POSITIVE_INFINITY;
  }
}

function entries(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return null;
  }
}

function environmentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    // It ended, or is another user's.
    return '';
  }
}
