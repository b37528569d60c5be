import { Tooltip } from '@mantine/core';
import { formatClock, formatDate, formatDuration, formatTime, shortenId } from './format.ts';

/** A duration with three significant digits; null is a dash. */
export function Duration({ ms }: { ms: number | null }) {
  return <span className="tabular">{formatDuration(ms)}</span>;
}

/**
 * A time of day, with the date in the tooltip. `at` in ms since the epoch; `coarse` omits the milliseconds.
 */
export function Time({ at, coarse = false }: { at: number; coarse?: boolean }) {
  return (
    <Tooltip label={formatDate(at)}>
      <time className="tabular" dateTime={new Date(at).toISOString()}>
        {coarse ? formatClock(at) : formatTime(at)}
      </time>
    </Tooltip>
  );
}

/** An id shortened in the middle; the tooltip shows all of it. */
export function ShortId({ id, edge = 4 }: { id: string; edge?: number }) {
  return (
    <Tooltip label={<span className="mono">{id}</span>}>
      <span className="mono">{shortenId(id, edge)}</span>
    </Tooltip>
  );
}
