import { Long } from 'bson';
import { DatabaseError } from '../errors.ts';
import { isNumeric, toNumber } from '../numbers.ts';
import { isNullish, type Maybe, typeName } from '../values.ts';
import { requireDate } from './dates.ts';
import { withNamed } from './operator.ts';
import type { Operators } from './scope.ts';
import { momentOf, type TimeZone, timeZoneOf } from './time-zone.ts';

/** `$dateAdd`, `$dateSubtract`, `$dateDiff`, `$dateTrunc`: by the calendar of a time zone from a day on. */

const FIXED_MS: Readonly<Record<string, number>> = {
  millisecond: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
};

const DAY_MS = 86_400_000;
const DAYS: Readonly<Record<string, number>> = { day: 1, week: 7 };
const MONTHS: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12 };

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

export function requireUnit(value: Maybe, name: string): string {
  if (typeof value === 'string' && (value in FIXED_MS || value in DAYS || value in MONTHS)) return value;
  if (typeof value === 'string')
    throw new DatabaseError('FailedToParse', `unknown time unit value: ${value}`);
  throw new DatabaseError(5439013, `${name} requires 'unit' to be a string, but got ${typeName(value)}`);
}

function requireAmount(value: Maybe, name: string): number {
  if (isNumeric(value) && Number.isInteger(toNumber(value))) return toNumber(value);
  throw new DatabaseError(5166405, `${name} expects integer amount of time units`);
}

export function addUnits(date: Date, unit: string, amount: number, zone: TimeZone): Date {
  const fixed = FIXED_MS[unit];
  if (fixed !== undefined) return new Date(date.getTime() + amount * fixed);
  const wall = new Date(date.getTime() + zone.offsetAt(date.getTime()));
  const days = DAYS[unit];
  if (days !== undefined) return new Date(momentOf(wall.getTime() + amount * days * DAY_MS, zone));
  const months = amount * (MONTHS[unit] ?? 1);
  const day = wall.getUTCDate();
  const lastDay = new Date(Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth() + months + 1, 0)).getUTCDate();
  // 31 January and a month is the last of February.
  wall.setUTCDate(1);
  wall.setUTCMonth(wall.getUTCMonth() + months);
  wall.setUTCDate(Math.min(day, lastDay));
  return new Date(momentOf(wall.getTime(), zone));
}

function adder(sign: 1 | -1) {
  return withNamed(
    ['startDate', 'unit', 'amount'],
    ['timezone'],
    ({ startDate, unit, amount, timezone }, name) => {
      if (isNullish(startDate) || isNullish(unit) || isNullish(amount) || timezone === null) return null;
      const by = requireAmount(amount, name) * sign;
      return addUnits(requireDate(startDate), requireUnit(unit, name), by, timeZoneOf(timezone));
    },
  );
}

/** How many boundaries of the unit lie before a moment on the wall. */
function boundaries(wall: number, unit: string, startOfWeek: number): number {
  const fixed = FIXED_MS[unit];
  if (fixed !== undefined) return Math.floor(wall / fixed);
  const day = Math.floor(wall / DAY_MS);
  if (unit === 'day') return day;
  // 1 January 1970 was a Thursday.
  if (unit === 'week') return Math.floor((day + 4 - startOfWeek) / 7);
  const date = new Date(wall);
  const months = date.getUTCFullYear() * 12 + date.getUTCMonth();
  return Math.floor(months / (MONTHS[unit] ?? 1));
}

function weekStart(value: Maybe): number {
  if (isNullish(value)) return 0;
  const index =
    typeof value === 'string' ? WEEKDAYS.findIndex((day) => day.startsWith(value.toLowerCase())) : -1;
  if (index < 0)
    throw new DatabaseError(5439015, "parameter 'startOfWeek' value cannot be recognized as a day of a week");
  return index;
}

const difference = withNamed(
  ['startDate', 'endDate', 'unit'],
  ['timezone', 'startOfWeek'],
  (values, name) => {
    const { startDate, endDate, unit, timezone, startOfWeek } = values;
    if (isNullish(startDate) || isNullish(endDate) || isNullish(unit) || timezone === null) return null;
    const [zone, by, first] = [timeZoneOf(timezone), requireUnit(unit, name), weekStart(startOfWeek)];
    const [from, to] = [startDate, endDate].map((value) => {
      const moment = requireDate(value).getTime();
      return boundaries(moment + zone.offsetAt(moment), by, first);
    }) as [number, number];
    return Long.fromNumber(to - from);
  },
);

const truncate = withNamed(['date', 'unit'], ['binSize', 'timezone', 'startOfWeek'], (values, name) => {
  const { date, unit, binSize = 1, timezone, startOfWeek } = values;
  if (isNullish(date) || isNullish(unit) || isNullish(binSize) || timezone === null) return null;
  const [zone, by, size] = [timeZoneOf(timezone), requireUnit(unit, name), requireAmount(binSize, name)];
  if (size < 1) throw new DatabaseError(5439018, "'binSize' must be greater than 0");
  const moment = requireDate(date).getTime();
  return new Date(
    momentOf(truncateWall(moment + zone.offsetAt(moment), by, size, weekStart(startOfWeek)), zone),
  );
});

/** Bins count from 1 January 2000. */
function truncateWall(wall: number, unit: string, size: number, startOfWeek: number): number {
  const origin = boundaries(Date.UTC(2000, 0, 1), unit, startOfWeek);
  const count = boundaries(wall, unit, startOfWeek) - origin;
  const index = origin + Math.floor(count / size) * size;
  const fixed = FIXED_MS[unit];
  if (fixed !== undefined) return index * fixed;
  if (unit === 'day') return index * DAY_MS;
  if (unit === 'week') return (index * 7 - 4 + startOfWeek) * DAY_MS;
  const months = index * (MONTHS[unit] ?? 1);
  return Date.UTC(Math.floor(months / 12), months % 12, 1);
}

export const dateCalculations: Operators = {
  $dateAdd: adder(1),
  $dateSubtract: adder(-1),
  $dateDiff: difference,
  $dateTrunc: truncate,
};
