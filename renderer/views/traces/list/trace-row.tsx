import { IconCheck, IconFlag3 } from '@tabler/icons-react';
import { type MouseEvent, memo } from 'react';
import type { TraceSummary } from '../../../../main/contract/trace.ts';
import { OutcomeBadge } from '../../../components/status/outcome.tsx';
import { formatDate, formatDuration, formatTime, showControls } from '../../../components/text/format.ts';
import classes from './trace-list.module.css';

export interface TraceRowProps {
  readonly trace: TraceSummary;
  /** Distance from the list's top in px. */
  readonly top: number;
  /** Shown in detail beside the list. */
  readonly open: boolean;
  /** Selected, alone or with others. */
  readonly marked: boolean;
  readonly onPress: (id: string, event: MouseEvent) => void;
}

/** Id of a row's element, for `aria-activedescendant`. */
export function rowId(id: string): string {
  return `trace-row-${id}`;
}

/** One line of the list. The list itself has the focus and handles keys. */
export const TraceRow = memo(function TraceRow({ trace, top, open, marked, onPress }: TraceRowProps) {
  const time = formatTime(trace.startedAt);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the listbox around it
    <div
      id={rowId(trace.id)}
      className={classes.row}
      role="option"
      tabIndex={-1}
      aria-selected={marked}
      aria-current={open || undefined}
      data-open={open || undefined}
      style={{ transform: `translateY(${top}px)` }}
      onClick={(event) => onPress(trace.id, event)}
    >
      {marked && <IconCheck size={12} stroke={3} aria-hidden className={classes.mark} />}
      <time className={classes.time} title={formatDate(trace.startedAt)}>
        {time.slice(0, -4)}
        <span className={classes.millis}>{time.slice(-4)}</span>
      </time>
      <span className={classes.plugin} title={trace.plugin}>
        {showControls(trace.plugin)}
      </span>
      <span className={classes.user} title={trace.user ?? undefined}>
        {trace.user === null ? '' : showControls(trace.user)}
      </span>
      <span className={classes.flag}>
        {trace.spoofed && <IconFlag3 size={13} stroke={2} aria-label="tried to set reserved keys" />}
      </span>
      <OutcomeBadge outcome={trace.outcome} variant="plain" />
      <span className={classes.status}>{trace.status ?? '–'}</span>
      <span className={classes.duration}>{formatDuration(trace.durationMs)}</span>
    </div>
  );
});

/** A placeholder for a row that is being fetched. */
export function PendingRow({ top }: { readonly top: number }) {
  return (
    <div className={classes.row} data-pending aria-hidden style={{ transform: `translateY(${top}px)` }}>
      <span className={classes.pending} />
      <span className={classes.pending} />
    </div>
  );
}
