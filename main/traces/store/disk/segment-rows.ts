import type { LoadedSegment } from './jobs.ts';

const [NUL, TAB, LINE_END, BRACE] = [0, 9, 10, 0x7d];
/** The most that a row takes; a tab further away belongs to a later record, so this one is damaged. */
const MAX_ROW_BYTES = 16 * 1024;

/**
 * Takes the rows out of a segment's bytes. A line that can't be a record is counted and passed over: one without a row in front
 * or an end behind it, one with zeros, which file systems leave where a crash took what was to be there.
 */
export function rowsOf(segment: Buffer): LoadedSegment {
  const size = segment.lastIndexOf(LINE_END) + 1;
  const starts: number[] = [];
  const lengths: number[] = [];
  const rows: Buffer[] = [];
  let damaged = size < segment.length ? 1 : 0;
  let nextNul = segment.indexOf(NUL);
  for (let start = 0; start < size; ) {
    const end = segment.indexOf(LINE_END, start);
    if (nextNul !== -1 && nextNul < start) nextNul = segment.indexOf(NUL, start);
    const tab = segment.subarray(start, Math.min(end, start + MAX_ROW_BYTES)).indexOf(TAB);
    if (tab === -1 || segment[end - 1] !== BRACE || (nextNul !== -1 && nextNul < end)) {
      damaged += 1;
    } else {
      starts.push(start);
      lengths.push(end - start);
      rows.push(segment.subarray(start, start + tab), LINE);
    }
    start = end + 1;
  }
  return {
    rows: Uint8Array.from(Buffer.concat(rows)),
    offsets: Uint32Array.from(starts),
    bytes: Uint32Array.from(lengths),
    ...{ size, damaged },
  };
}

const LINE = Buffer.from('\n');
