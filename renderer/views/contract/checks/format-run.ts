import type { ReportSummary } from '../../../../main/contract/conformance.ts';
import { formatClock, showControls } from '../../../components/text/format.ts';
import { formatCounts } from '../../../state/contract/contract-model.ts';

/** How past runs are named. Pure but for the current day. */

const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

/** "12:04:31", preceded by the day unless that is today. */
export function formatMoment(at: number, now = Date.now()): string {
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString();
  return sameDay ? formatClock(at) : `${DAY.format(at)}, ${formatClock(at)}`;
}

/** "12:04:31 · 54 of 73 passed · 2 failed" */
export function describeRun({ at, counts }: Pick<ReportSummary, 'at' | 'counts'>): string {
  return `${formatMoment(at)} · ${formatCounts({ ...counts, pending: 0, running: 0 })}`;
}

/** "this runtime", or the address of the other one without its scheme. */
export function formatTarget({ own, target }: Pick<ReportSummary, 'own' | 'target'>): string {
  return own ? 'this runtime' : target.replace(/^https?:\/\//, '');
}

/** A reason as a sentence; it may come from another runtime. */
export function formatReason(reason: string): string {
  return showControls(reason.charAt(0).toUpperCase() + reason.slice(1));
}
