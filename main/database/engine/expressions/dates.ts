import { ObjectId, Timestamp } from 'bson';
import { DatabaseError } from '../errors.ts';
import { isNumeric, toNumber } from '../numbers.ts';
import { isDocument, isNullish, type Maybe, typeName, type Value } from '../values.ts';
import { type Calendar, calendarOf } from './calendar.ts';
import { formatDate, parseDate, parseDateBy } from './date-text.ts';
import { namedOperands, operandList, withNamed } from './operator.ts';
import type { Expression, Operator, Operators, Scope } from './scope.ts';
import { momentOf, timeZoneOf } from './time-zone.ts';

/** Dates: their parts, and from and to text. */

export function requireDate(value: Value): Date {
  if (value instanceof Date) return value;
  if (value instanceof ObjectId) return value.getTimestamp();
  if (value instanceof Timestamp) return new Date(value.getHighBitsUnsigned() * 1000);
  throw new DatabaseError(16006, `can't convert from BSON type ${typeName(value)} to Date`);
}

/** `{$year: date}` or `{$year: {date, timezone}}`. */
function part(pick: (calendar: Calendar) => number): Operator {
  return (operand, compile, name) => {
    const isNamed = isDocument(operand) && (operand.has('date') || operand.has('timezone'));
    const fields = isNamed ? namedOperands(name, operand, ['date'], ['timezone']) : undefined;
    const date = compile(fields?.get('date') ?? operandList(operand)[0] ?? null);
    const zone = compile(fields?.get('timezone') ?? 'UTC');
    return (scope) => pickPart(date, zone, pick, scope);
  };
}

function pickPart(
  date: Expression,
  zone: Expression,
  pick: (calendar: Calendar) => number,
  scope: Scope,
): Maybe {
  const [value, where] = [date(scope), zone(scope)];
  if (isNullish(value) || isNullish(where)) return null;
  return pick(calendarOf(requireDate(value), timeZoneOf(where)));
}

const ISO_UTC = '%Y-%m-%dT%H:%M:%S.%LZ';
const ISO_LOCAL = '%Y-%m-%dT%H:%M:%S.%L';

const dateToString = withNamed(['date'], ['format', 'timezone', 'onNull'], (values) => {
  const { date, format, timezone } = values;
  if (isNullish(date)) return 'onNull' in values ? values.onNull : null;
  if (timezone === null || format === null) return null;
  if (format !== undefined && typeof format !== 'string') {
    throw new DatabaseError(
      18533,
      `$dateToString requires that 'format' be a string, found: ${typeName(format)}`,
    );
  }
  const usual = timezone === undefined || timezone === 'UTC' ? ISO_UTC : ISO_LOCAL;
  return formatDate(requireDate(date), format ?? usual, timeZoneOf(timezone));
});

function dateFromString(operand: Value, compile: (value: Value) => Expression, name: string): Expression {
  const fields = namedOperands(name, operand, ['dateString'], ['format', 'timezone', 'onError', 'onNull']);
  const [text, format, zone, onNull] = ['dateString', 'format', 'timezone', 'onNull'].map((key) =>
    compile(fields.get(key) ?? null),
  );
  const given = fields.get('onError');
  const onError = given === undefined ? undefined : compile(given);
  return (scope) => {
    const value = text?.(scope);
    if (isNullish(value)) return onNull?.(scope);
    try {
      return readDate(value, format?.(scope), zone?.(scope));
    } catch (error) {
      if (error instanceof DatabaseError && onError !== undefined) return onError(scope);
      throw error;
    }
  };
}

function readDate(value: Value, format: Maybe, zone: Maybe): Date {
  if (typeof value !== 'string') {
    throw new DatabaseError(
      'ConversionFailure',
      `$dateFromString requires that 'dateString' be a string, found: ${typeName(value)}`,
    );
  }
  const where = isNullish(zone) ? undefined : timeZoneOf(zone);
  return typeof format === 'string' ? parseDateBy(value, format, where) : parseDate(value, where);
}

const CALENDAR_PARTS = ['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond'];
const WEEK_PARTS = ['isoWeekYear', 'isoWeek', 'isoDayOfWeek'];

const dateFromParts = withNamed([], [...CALENDAR_PARTS, ...WEEK_PARTS, 'timezone'], (values, name) => {
  const number = (key: string, otherwise: number) => {
    const value = key in values ? values[key] : otherwise;
    if (isNullish(value)) return Number.NaN;
    if (isNumeric(value) && Number.isInteger(toNumber(value))) return toNumber(value);
    throw new DatabaseError(40515, `'${key}' must evaluate to an integer, found ${typeName(value)}`);
  };
  if (!('year' in values) && !('isoWeekYear' in values)) {
    throw new DatabaseError(40516, `${name} requires either 'year' or 'isoWeekYear' to be present`);
  }
  const time = [
    number('hour', 0),
    number('minute', 0),
    number('second', 0),
    number('millisecond', 0),
  ] as const;
  const wall =
    'isoWeekYear' in values
      ? isoWall(number('isoWeekYear', 1970), number('isoWeek', 1), number('isoDayOfWeek', 1), time)
      : Date.UTC(number('year', 1970), number('month', 1) - 1, number('day', 1), ...time);
  return Number.isNaN(wall) ? null : new Date(momentOf(wall, timeZoneOf(values.timezone)));
});

function isoWall(
  year: number,
  week: number,
  day: number,
  time: readonly [number, number, number, number],
): number {
  // 4 January is always in the first week.
  const fourth = new Date(Date.UTC(year, 0, 4));
  const monday = 4 - ((fourth.getUTCDay() + 6) % 7);
  return Date.UTC(year, 0, monday + (week - 1) * 7 + day - 1, ...time);
}

const dateToParts = withNamed(['date'], ['timezone', 'iso8601'], ({ date, timezone, iso8601 }) => {
  if (isNullish(date) || timezone === null) return null;
  const calendar = calendarOf(requireDate(date), timeZoneOf(timezone));
  const days: [string, Value][] =
    iso8601 === true
      ? [
          ['isoWeekYear', calendar.isoWeekYear],
          ['isoWeek', calendar.isoWeek],
          ['isoDayOfWeek', calendar.isoDayOfWeek],
        ]
      : [
          ['year', calendar.year],
          ['month', calendar.month],
          ['day', calendar.dayOfMonth],
        ];
  const { hour, minute, second, millisecond } = calendar;
  return new Map<string, Value>([
    ...days,
    ['hour', hour],
    ['minute', minute],
    ['second', second],
    ['millisecond', millisecond],
  ]);
});

export const dates: Operators = {
  $year: part(({ year }) => year),
  $month: part(({ month }) => month),
  $dayOfMonth: part(({ dayOfMonth }) => dayOfMonth),
  $hour: part(({ hour }) => hour),
  $minute: part(({ minute }) => minute),
  $second: part(({ second }) => second),
  $millisecond: part(({ millisecond }) => millisecond),
  $dayOfYear: part(({ dayOfYear }) => dayOfYear),
  $dayOfWeek: part(({ dayOfWeek }) => dayOfWeek),
  $week: part(({ week }) => week),
  $isoDayOfWeek: part(({ isoDayOfWeek }) => isoDayOfWeek),
  $isoWeek: part(({ isoWeek }) => isoWeek),
  $isoWeekYear: part(({ isoWeekYear }) => isoWeekYear),
  $dateToString: dateToString,
  $dateFromString: dateFromString,
  $dateFromParts: dateFromParts,
  $dateToParts: dateToParts,
};
