import { DatabaseError } from '../errors.ts';
import { type Calendar, calendarOf } from './calendar.ts';
import { momentOf, type TimeZone } from './time-zone.ts';

/** Dates as text: `$dateToString`, `$dateFromString`, `$toDate`. */

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const MINUTE_MS = 60_000;

function padded(value: number, length: number): string {
  return String(value).padStart(length, '0');
}

function offsetText(offsetMs: number): string {
  const minutes = Math.abs(offsetMs) / MINUTE_MS;
  return `${offsetMs < 0 ? '-' : '+'}${padded(Math.floor(minutes / 60), 2)}${padded(minutes % 60, 2)}`;
}

const PLACEHOLDERS: Readonly<Record<string, (calendar: Calendar) => string>> = {
  Y: ({ year }) => padded(year, 4),
  m: ({ month }) => padded(month, 2),
  d: ({ dayOfMonth }) => padded(dayOfMonth, 2),
  H: ({ hour }) => padded(hour, 2),
  M: ({ minute }) => padded(minute, 2),
  S: ({ second }) => padded(second, 2),
  L: ({ millisecond }) => padded(millisecond, 3),
  j: ({ dayOfYear }) => padded(dayOfYear, 3),
  w: ({ dayOfWeek }) => String(dayOfWeek),
  u: ({ isoDayOfWeek }) => String(isoDayOfWeek),
  U: ({ week }) => padded(week, 2),
  V: ({ isoWeek }) => padded(isoWeek, 2),
  G: ({ isoWeekYear }) => padded(isoWeekYear, 4),
  B: ({ month }) => MONTHS[month - 1] ?? '',
  b: ({ month }) => (MONTHS[month - 1] ?? '').slice(0, 3),
  z: ({ offsetMs }) => offsetText(offsetMs),
  Z: ({ offsetMs }) => `${offsetMs < 0 ? '-' : '+'}${Math.abs(offsetMs) / MINUTE_MS}`,
  '%': () => '%',
};

/** @throws {DatabaseError} for a placeholder that MongoDB doesn't know either */
export function formatDate(date: Date, format: string, zone: TimeZone): string {
  const calendar = calendarOf(date, zone);
  return format.replace(/%(.?)/gs, (_, letter: string) => {
    const placeholder = PLACEHOLDERS[letter];
    if (placeholder === undefined)
      throw new DatabaseError(18536, `Invalid format character '%${letter}' in format string`);
    return placeholder(calendar);
  });
}

const ISO =
  /^(\d{4})-?(\d{2})-?(\d{2})(?:[T ](\d{2}):?(\d{2})(?::?(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/i;

/** ISO 8601, in all its common forms; without an offset in `zone`. */
export function parseDate(text: string, zone: TimeZone | undefined): Date {
  const match = ISO.exec(text.trim());
  if (match === null) throw unreadable(text);
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '0', offset] = match;
  const wall = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Math.floor(Number(`0.${fraction}`) * 1000),
  );
  if (new Date(wall).getUTCDate() !== Number(day) || Number(month) > 12) throw unreadable(text);
  return placed(wall, offset, zone);
}

function placed(wall: number, offset: string | undefined, zone: TimeZone | undefined): Date {
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(offset ?? '');
  if (match === null)
    return new Date(offset === undefined && zone !== undefined ? momentOf(wall, zone) : wall);
  const [, sign, hours = '0', minutes = '0'] = match;
  const shift = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
  return new Date(sign === '-' ? wall + shift : wall - shift);
}

function unreadable(text: string): DatabaseError {
  return new DatabaseError(
    'ConversionFailure',
    `Error parsing date string '${text}'; an ISO 8601 date or the given format is expected`,
  );
}

const READERS: Readonly<Record<string, string>> = {
  Y: '(?<Y>\\d{4})',
  m: '(?<m>\\d{1,2})',
  d: '(?<d>\\d{1,2})',
  H: '(?<H>\\d{1,2})',
  M: '(?<M>\\d{1,2})',
  S: '(?<S>\\d{1,2})',
  L: '(?<L>\\d{1,3})',
  z: '(?<z>Z|[+-]\\d{2}:?\\d{2})',
  B: `(?<B>${MONTHS.join('|')})`,
  b: `(?<b>${MONTHS.map((name) => name.slice(0, 3)).join('|')})`,
  '%': '%',
};

/** By a format such as `%d/%m/%Y`. */
export function parseDateBy(text: string, format: string, zone: TimeZone | undefined): Date {
  const pattern = format.replace(/%(.?)|[^%]+/gs, (part, letter: string | undefined) => {
    if (letter === undefined) return part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    const reader = READERS[letter];
    if (reader === undefined)
      throw new DatabaseError(18536, `Invalid format character '%${letter}' in format string`);
    return reader;
  });
  const found = new RegExp(`^${pattern}$`, 'i').exec(text)?.groups;
  if (found === undefined) throw unreadable(text);
  const part = (name: string, otherwise: number) => Number(found[name] ?? otherwise);
  const named = MONTHS.findIndex((name) => name.slice(0, 3) === (found.B ?? found.b)?.slice(0, 3));
  const month = named >= 0 ? named : part('m', 1) - 1;
  const wall = Date.UTC(
    part('Y', 1970),
    month,
    part('d', 1),
    part('H', 0),
    part('M', 0),
    part('S', 0),
    part('L', 0),
  );
  return placed(wall, found.z, zone);
}
