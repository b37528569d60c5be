import { formatCount, plural } from '../../../components/text/format.ts';
import type { TracesState } from '../../../state/traces/trace-store.ts';
import { isFiltered } from './trace-filters.ts';

type Counts = Pick<
  TracesState,
  'filters' | 'matched' | 'searched' | 'reading' | 'kept' | 'dropped' | 'damaged' | 'place'
>;

/** "1,204 of 98,311 · 21 dropped"; while a search goes on: "200 so far of 98,311 · searching… 45 %". */
export function countWords(counts: Counts): string {
  const { matched, searched, reading, kept, dropped, damaged } = counts;
  const soFar = searched === null ? '' : ' so far';
  return [
    isFiltered(counts.filters)
      ? `${formatCount(matched)}${soFar} of ${formatCount(kept)}`
      : plural(kept, 'trace'),
    ...(searched === null ? [] : [`searching… ${percent(searched, kept)}`]),
    ...(reading ? ['reading earlier traces…'] : []),
    ...(dropped > 0 ? [`${formatCount(dropped)} dropped`] : []),
    ...(damaged > 0 ? [`${formatCount(damaged)} unreadable`] : []),
  ].join(' · ');
}

/** Where traces are kept, and what becomes of those that aren't. */
export function keptWords({ place, damaged }: Pick<Counts, 'place' | 'damaged'>): string {
  const where =
    place === 'disk'
      ? 'Kept on disk, 100,000 at most and as far as they fit; the oldest are dropped first'
      : 'Kept in memory until the runtime ends; beyond the limit the oldest are dropped';
  return damaged > 0 ? `${where}. Unreadable ones were damaged on disk` : where;
}

/** Never 100 % before the end. */
function percent(part: number, whole: number): string {
  return `${whole === 0 ? 0 : Math.min(99, Math.floor((part / whole) * 100))} %`;
}
