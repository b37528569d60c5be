import type { PeriodType } from './schema.ts';

/** Periods of use, in UTC whatever the machine's zone, as production counts them. */

const DAY_MS = 24 * 60 * 60 * 1000;

/** `2026-01`, `2026-01-02`, `2026-W01` or `lifetime`: what distinguishes one period from the next. */
export function periodOf(type: PeriodType, now: Date): string {
  const day = now.toISOString().slice(0, 10);
  switch (type) {
    case 'monthly':
      return day.slice(0, 7);
    case 'daily':
      return day;
    case 'weekly':
      // The calendar's year with ISO 8601's week, as production writes it: 2027-01-01 is in 2027-W53.
      return `${day.slice(0, 4)}-W${String(isoWeek(now)).padStart(2, '0')}`;
    case 'never':
      return 'lifetime';
  }
}

/** When the next period begins; null when none does. */
export function nextReset(type: PeriodType, now: Date): Date | null {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  switch (type) {
    case 'monthly':
      return new Date(Date.UTC(year, month + 1, 1));
    case 'daily':
      return new Date(Date.UTC(year, month, day + 1));
    case 'weekly':
      return new Date(Date.UTC(year, month, day + 8 - isoWeekday(now)));
    case 'never':
      return null;
  }
}

/** The week of the year that holds this week's Thursday. */
function isoWeek(date: Date): number {
  const thursday = new Date(date.getTime() + (4 - isoWeekday(date)) * DAY_MS);
  const start = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return Math.floor((thursday.getTime() - start) / (7 * DAY_MS)) + 1;
}

/** Monday is 1, Sunday 7. */
function isoWeekday(date: Date): number {
  return date.getUTCDay() === 0 ? 7 : date.getUTCDay();
}
