import { isNumeric } from '../numbers.ts';
import { type Maybe, typeName } from '../values.ts';

/** The text of a scalar as `$toString` gives it; undefined for what has none. */
export function formatValue(value: Maybe): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (isNumeric(value)) return value.toString();
  if (value instanceof Date) return value.toISOString();
  return typeName(value) === 'objectId' ? String(value) : undefined;
}
