import fc from 'fast-check';

/** Valid texts, changed as a broken tool, a careless hand or an attacker would; a character is a byte. */

interface Change {
  readonly way: (typeof WAYS)[number];
  /** Where, as a part of the whole. */
  readonly at: number;
  readonly count: number;
  readonly text: string;
}

const WAYS = ['cut', 'flip', 'remove', 'insert', 'repeat', 'value', 'member'] as const;
const MOST_CHARACTERS = 400_000;
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

/** What readers trip over: other types, numbers, depth, names that objects have, what can't be seen. */
const NASTY = [
  [
    'null',
    'true',
    '0',
    '-1',
    '1e999',
    '9'.repeat(400),
    '1.5',
    '0x10',
    '-0',
    'NaN',
    '.inf',
    '""',
    '"x"',
    '[]',
  ],
  ['{}', '[null]', '{"__proto__":{"polluted":true}}', '"\\ud800"', '"\\u0000"', '__proto__', 'constructor'],
  ['prototype', 'toString', '\\', '"', "'", '$PORT', '$(id)', '#', '\n', '\0', '\x1b]52;c;eA==\x07', '\r\n'],
  ['\x80\xff', '\xef\xbb\xbf', '\xe2\x80\xae', '\xe2\x80\xa8', '\t', '&a [*a,*a]', '<<: *a', '!!binary x'],
  ['---\n', '? ', '@evil.example/', '//', 'http://[::1', 'file:', '[', '{', ']', '}', '{"a":'],
  ['['.repeat(5_000), nested(5_000), nested(100_000), '{"a":'.repeat(5_000)],
].flat();

const change: fc.Arbitrary<Change> = fc.record({
  way: fc.constantFrom(...WAYS),
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  count: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(100, 5_000, 60_000)),
  text: fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary', maxLength: 8 }).map(toBytes)),
});

/** One of the valid texts after one to four changes, as it would be read from a file. */
export function changedTexts(valid: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...valid.map(toBytes)), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([text, changes]) => changes.reduce(apply, text).slice(0, MOST_CHARACTERS));
}

function toBytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function apply(whole: string, { way, at, count, text }: Change): string {
  const place = Math.floor(at * (whole.length + 1));
  const [before, after] = [whole.slice(0, place), whole.slice(place)];
  switch (way) {
    case 'cut':
      return before;
    case 'flip':
      return `${before}${String.fromCharCode(count % 256)}${after.slice(1)}`;
    case 'remove':
      return before + after.slice(count);
    case 'insert':
      return before + text + after;
    case 'repeat': {
      const part = after.slice(0, 12);
      return before + part.repeat(Math.min(count, Math.ceil(MOST_CHARACTERS / 12))) + after;
    }
    case 'value':
      return inPlaceOf(/(?<=[:=] ?)[^:=,}\]\n]+/g, whole, at, () => text);
    case 'member':
      return inPlaceOf(/"[^"\n]{1,40}":|^\s*\w+[:=]/gm, whole, at, (name) => {
        const end = name.startsWith('"') ? ',' : '\n';
        const given = count % 3 === 0 ? name.replace(/\w+/, '__proto__') : name;
        return `${given}${text}${end}${name}`;
      });
  }
}

/** Puts something else in the place of one of the parts that a pattern finds. */
function inPlaceOf(pattern: RegExp, whole: string, at: number, make: (found: string) => string): string {
  const found = [...whole.slice(0, 20_000).matchAll(pattern)];
  const one = found[Math.floor(at * found.length)];
  if (one === undefined) return whole;
  return whole.slice(0, one.index) + make(one[0]) + whole.slice(one.index + one[0].length);
}
