import { DatabaseError } from '../errors.ts';
import { isNullish, type Maybe, typeName } from '../values.ts';

/** Time zones as MongoDB names them: `Europe/Paris`, `+02`, `-0330`, `+05:30`, `UTC`. */
export interface TimeZone {
  /** Milliseconds to add to a moment for the clock on the wall there. */
  offsetAt(moment: number): number;
}

const MINUTE_MS = 60_000;
const UTC: TimeZone = { offsetAt: () => 0 };
const FIXED = /^([+-])(\d{2}):?(\d{2})?$/;

/** By name; Intl takes a while to make one. */
const known = new Map<string, TimeZone>();

/** UTC when none is given. @throws {DatabaseError} for an unknown one */
export function timeZoneOf(value: Maybe): TimeZone {
  if (isNullish(value)) return UTC;
  if (typeof value !== 'string') {
    throw new DatabaseError(40517, `timezone must evaluate to a string, found ${typeName(value)}`);
  }
  const found = known.get(value) ?? createTimeZone(value);
  known.set(value, found);
  return found;
}

function createTimeZone(name: string): TimeZone {
  if (name === 'UTC' || name === 'GMT' || name === 'Z') return UTC;
  const fixed = FIXED.exec(name);
  if (fixed !== null) {
    const [, sign, hours = '0', minutes = '0'] = fixed;
    const offset = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS * (sign === '-' ? -1 : 1);
    return { offsetAt: () => offset };
  }
  try {
    return namedTimeZone(name);
  } catch (error) {
    if (error instanceof RangeError)
      throw new DatabaseError(40485, `unrecognized time zone identifier: "${name}"`);
    throw error;
  }
}

function namedTimeZone(name: string): TimeZone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return {
    offsetAt(moment) {
      const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
      const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
      const wall = Date.UTC(
        part('year'),
        part('month') - 1,
        part('day'),
        part('hour'),
        part('minute'),
        part('second'),
      );
      return wall - Math.floor(moment / 1000) * 1000;
    },
  };
}

/** The moment at which the clock there shows `wall`; of two, the first. */
export function momentOf(wall: number, zone: TimeZone): number {
  const guess = wall - zone.offsetAt(wall);
  return wall - zone.offsetAt(guess);
}
