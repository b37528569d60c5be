/**
 * Copies of a value, in each of which another one of its texts is `text`, by the place of it: `.error.code`.
 * For what must be true of every text, the one that somebody adds next year included.
 */
export function* replacedTexts<T>(value: T, text: string): Generator<readonly [place: string, copy: T]> {
  for (const [place, copy] of replaced(value, text)) yield [place, copy as T];
}

function* replaced(value: unknown, text: string): Generator<readonly [string, unknown]> {
  if (typeof value === 'string') yield ['', text];
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    for (const [place, copy] of replaced(item, text)) {
      yield [
        `.${key}${place}`,
        Array.isArray(value) ? value.with(Number(key), copy) : { ...value, [key]: copy },
      ];
    }
  }
}
