/**
 * Every value of one header as it arrived. Node's `headers` joins some duplicates and drops others, which a
 * check must see.
 */
export function rawHeaderValues(rawHeaders: readonly string[], name: string): string[] {
  const wanted = name.toLowerCase();
  const values: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const given = rawHeaders[index] ?? '';
    // Most names differ in length already.
    if (given.length === wanted.length && given.toLowerCase() === wanted)
      values.push(rawHeaders[index + 1] ?? '');
  }
  return values;
}
