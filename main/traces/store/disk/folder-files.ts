import { join } from 'node:path';

/** The names in a folder of traces. */

export const LOCK_FILE = 'lock';
/** Traces below this `seq` were cleared on purpose; they don't count as dropped. */
export const BASE_FILE = 'base';
/** For people: whose traces these are. */
export const ABOUT_FILE = 'about.json';
const SEGMENT = /^(\d{8})\.jsonl$/;

export function segmentPath(folder: string, segment: number): string {
  return join(folder, `${String(segment).padStart(8, '0')}.jsonl`);
}

/** The number of a segment by its file's name; null for any other file. */
export function segmentNumber(name: string): number | null {
  const digits = SEGMENT.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}
