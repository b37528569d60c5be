import { EJSON } from 'bson';
import { isInt32, type Value } from '../engine/values.ts';

/**
 * Documents as text: relaxed Extended JSON, but with no type lost, so that what is edited and written back keeps
 * the types of everything else. A double has a point or an exponent, an int64 that looks like an int32 is
 * written out, and fields stay in their order. `readValue` reads it.
 */

export interface TextOptions {
  /** One field a line. */
  readonly indented?: boolean | undefined;
  /** In characters; what is longer ends with `…`. Default: all. */
  readonly limit?: number | undefined;
}

export function formatValue(value: Value, { indented = false, limit }: TextOptions = {}): string {
  const writer = new Writer(indented, limit ?? Number.POSITIVE_INFINITY);
  writer.value(value, 0);
  const text = writer.text;
  return limit === undefined || text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

class Writer {
  text = '';
  private readonly indented: boolean;
  private readonly limit: number;

  constructor(indented: boolean, limit: number) {
    this.indented = indented;
    this.limit = limit;
  }

  value(value: Value, depth: number): void {
    if (value instanceof Map) {
      this.items('{', '}', value, depth, ([name, inner]) => {
        this.text += `${JSON.stringify(name)}: `;
        this.value(inner, depth + 1);
      });
    } else if (Array.isArray(value)) {
      this.items('[', ']', value, depth, (inner) => this.value(inner, depth + 1));
    } else {
      this.text += formatLeaf(value);
    }
  }

  private items<T>(open: string, close: string, items: Iterable<T>, depth: number, write: (item: T) => void) {
    this.text += open;
    let separator = '';
    for (const item of items) {
      // Nobody reads on, and the rest may be megabytes.
      if (this.text.length > this.limit) return;
      this.text += separator + this.lineBreak(depth + 1);
      write(item);
      separator = this.indented ? ',' : ', ';
    }
    this.text += (separator === '' ? '' : this.lineBreak(depth)) + close;
  }

  private lineBreak(depth: number): string {
    return this.indented ? `\n${'  '.repeat(depth)}` : '';
  }
}

type Leaf = Exclude<Value, Map<string, Value> | Value[]>;

function formatLeaf(value: Leaf): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number') return isInt32(value) ? String(value) : formatDouble(value);
  if (value instanceof Date) return EJSON.stringify(value, { relaxed: true });
  if (value._bsontype === 'Double') return formatDouble(value.valueOf());
  if (value._bsontype !== 'Long') return EJSON.stringify(value, { relaxed: true });
  const number = value.toNumber();
  // Beyond that other readers of JSON would round it.
  const isPlain = Number.isSafeInteger(number) && !isInt32(number);
  return isPlain ? String(number) : `{"$numberLong": "${value}"}`;
}

function formatDouble(value: number): string {
  if (!Number.isFinite(value)) return `{"$numberDouble": "${value}"}`;
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
