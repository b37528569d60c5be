import { formatCount, plural } from '../../../components/text/format.ts';
import { isFiltered } from '../../../state/traces/trace-filters.ts';
import type { TracesState } from '../../../state/traces/traces-state.ts';

type Counts = Pick<
  TracesState,
  'filters' | 'matched' | 'searched' | 'reading' | 'kept' | 'dropped' | 'damaged' | 'place'
>;

/** "1,204 of 98,311 · 21 dropped"; while searching: "200 so far of 98,311 · searching… 45 %". */
export function formatCounts(counts: Counts): string {
  const { matched, searched, reading, kept, dropped, damaged } = counts;
  const parts = [plural(kept, 'trace')];
  if (isFiltered(counts.filters)) {
    const soFar = searched === null ? '' : ' so far';
    parts[0] = `${formatCount(matched)}${soFar} of ${formatCount(kept)}`;
  }
  if (searched !== null) parts.push(`searching… ${percent(searched, kept)}`);
  if (reading) parts.push('reading earlier traces…');
  if (dropped > 0) parts.push(`${formatCount(dropped)} dropped`);
  if (damaged > 0) parts.push(`${formatCount(damaged)} unreadable`);
  return parts.join(' · ');
}

/** Where traces are stored, and which are dropped. */
export function describeStorage({ place, damaged }: Pick<Counts, 'place' | 'damaged'>): string {
  const where =
    place === 'disk'
      ? 'Stored on disk, at most 100,000 and within the size limit; the oldest are dropped first'
      : 'Held in memory until the runtime stops; beyond the limit the oldest are dropped';
  return damaged > 0 ? `${where}. Unreadable traces are damaged on disk` : where;
}

/** Never 100 % before it is done. */
function percent(part: number, whole: number): string {
  return `${whole === 0 ? 0 : Math.min(99, Math.floor((part / whole) * 100))} %`;
}
