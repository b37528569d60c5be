/** What rules read of queries as Extended JSON. It comes from a plugin's process: any shape is possible. */

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @returns undefined where it is not JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A forged or a cut message: nothing is known of it.
    return undefined;
  }
}

/** Values that JSON lacks: objects by one of these keys, which look like operators. */
const TYPES: ReadonlySet<string> = new Set([
  '$oid',
  '$date',
  '$numberInt',
  '$numberLong',
  '$numberDouble',
  '$numberDecimal',
  '$uuid',
  '$binary',
  '$timestamp',
  '$symbol',
]);

export function isTyped(value: Readonly<Record<string, unknown>>): boolean {
  const [key] = Object.keys(value);
  return key !== undefined && TYPES.has(key);
}

/**
 * The one value that a condition on a field asks for: the value itself, `$eq`, or a list `$in` of one.
 * @returns undefined where it may be several, or is no id: a range, a pattern, null, a list, a document
 */
export function onlyValue(condition: unknown): string | undefined {
  if (!isRecord(condition) || isTyped(condition)) return textOf(condition);
  if (Object.hasOwn(condition, '$eq')) return textOf(condition.$eq);
  const values = valuesIn(condition);
  return values?.length === 1 ? values[0] : undefined;
}

/** The values of a list `$in`; undefined where the condition has none, or one that is no id. */
export function valuesIn(condition: unknown): readonly string[] | undefined {
  if (!isRecord(condition) || !Object.hasOwn(condition, '$in') || !Array.isArray(condition.$in))
    return undefined;
  const values = condition.$in.map(textOf);
  return values.every((value) => value !== undefined) ? values : undefined;
}

/** The same for an id as text and as ObjectId: plugins store users' ids as either. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!isRecord(value) || !isTyped(value)) return undefined;
  return typeof value.$oid === 'string' ? value.$oid : JSON.stringify(value);
}
