import type { ReportSummary } from '../../../../main/contract/conformance.ts';
import { formatClock, showControls } from '../../../components/text/format.ts';
import { keptWords } from './contract-model.ts';

/** How past runs are called. Pure but for the present day. */

const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

/** "12:04:31", with the day before it where that is not today. */
export function momentWords(at: number, now = Date.now()): string {
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString();
  return sameDay ? formatClock(at) : `${DAY.format(at)}, ${formatClock(at)}`;
}

/** "12:04:31 · 54 of 73 kept · 2 broken" */
export function runWords({ at, counts }: Pick<ReportSummary, 'at' | 'counts'>): string {
  return `${momentWords(at)} · ${keptWords({ ...counts, pending: 0, running: 0 })}`;
}

/** "this runtime", or the other one's address without its scheme. */
export function targetWords({ own, target }: Pick<ReportSummary, 'own' | 'target'>): string {
  return own ? 'this runtime' : target.replace(/^https?:\/\//, '');
}

/** A reason as a sentence, whoever wrote it. */
export function reasonWords(reason: string): string {
  return showControls(reason.charAt(0).toUpperCase() + reason.slice(1));
}
