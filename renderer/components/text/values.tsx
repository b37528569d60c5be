import { Tooltip } from '@mantine/core';
import { formatClock, formatDate, formatDuration, formatTime, shortenId } from './format.ts';

/** A duration in milliseconds, three significant digits; null is a dash. */
export function Duration({ ms }: { ms: number | null }) {
  return <span className="tabular">{formatDuration(ms)}</span>;
}

/**
 * A moment (ms since the epoch) as time of day; the date is in the tooltip. `coarse` leaves out the
 * milliseconds.
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

/** An id shortened in the middle; the whole is in the tooltip. */
export function ShortId({ id, edge = 4 }: { id: string; edge?: number }) {
  return (
    <Tooltip label={<span className="mono">{id}</span>}>
      <span className="mono">{shortenId(id, edge)}</span>
    </Tooltip>
  );
}
