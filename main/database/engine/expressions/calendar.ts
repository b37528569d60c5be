import type { TimeZone } from './time-zone.ts';

const DAY_MS = 86_400_000;

/** A moment as the calendars and the clock somewhere show it. */
export interface Calendar {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly dayOfMonth: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  readonly dayOfYear: number;
  /** 1 is Sunday. */
  readonly dayOfWeek: number;
  /** 1 is Monday. */
  readonly isoDayOfWeek: number;
  /** 0 to 53: the days before the first Sunday are week 0. */
  readonly week: number;
  readonly isoWeek: number;
  readonly isoWeekYear: number;
  readonly offsetMs: number;
}

export function calendarOf(date: Date, zone: TimeZone): Calendar {
  const offsetMs = zone.offsetAt(date.getTime());
  const wall = new Date(date.getTime() + offsetMs);
  const [year, weekday] = [wall.getUTCFullYear(), wall.getUTCDay()];
  const dayOfYear = Math.floor((wall.getTime() - Date.UTC(year, 0, 1)) / DAY_MS) + 1;
  const isoDayOfWeek = weekday === 0 ? 7 : weekday;
  // The week belongs to the year of its Thursday.
  const thursday = new Date(wall.getTime() + (4 - isoDayOfWeek) * DAY_MS);
  const isoWeekYear = thursday.getUTCFullYear();
  return {
    year,
    month: wall.getUTCMonth() + 1,
    dayOfMonth: wall.getUTCDate(),
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
    second: wall.getUTCSeconds(),
    millisecond: wall.getUTCMilliseconds(),
    dayOfYear,
    dayOfWeek: weekday + 1,
    isoDayOfWeek,
    week: Math.floor((dayOfYear + 6 - weekday) / 7),
    isoWeek: Math.floor((thursday.getTime() - Date.UTC(isoWeekYear, 0, 1)) / DAY_MS / 7) + 1,
    isoWeekYear,
    offsetMs,
  };
}
