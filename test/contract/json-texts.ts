/** Texts of JSON values that JavaScript can't hold: whole numbers of any size, `1.0`, `1e400`, doubled keys. */
import fc from 'fast-check';

const blank = fc.constantFrom('', '', '', ' ', '\n', '\t ');

const whole = fc.oneof(
  fc.integer().map(String),
  fc.bigInt({ min: -(10n ** 300n), max: 10n ** 300n }).map(String),
  fc.constantFrom('-0', '9007199254740993', '18446744073709551616'),
);

const fraction = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc
    .record({
      digits: fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
      decimals: fc.stringMatching(/^\d{1,20}$/),
      exponent: fc.integer({ min: -400, max: 400 }),
    })
    .map(({ digits, decimals, exponent }) => `${digits}.${decimals}e${exponent}`),
  fc.constantFrom('1.0', '-0.0', '0e0', '1E5', '1e400', '-1e400', '5e-324', '1e16', '1e-7', '0.1'),
);

/** Each UTF-16 unit as an escape: another writing of the same text. */
function escapeAll(text: string): string {
  const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')}"`;
}

const characters = fc.oneof(fc.string({ unit: 'binary-ascii' }), fc.string({ unit: 'binary' }));
const text = fc.oneof(
  characters.map((value) => JSON.stringify(value)),
  characters.map(escapeAll),
  fc.constantFrom('"\\ud83d\\ude00"', '"\\ud800"', '"a\\udc00b"', '"\u2028\u007f"', '"\\/"'),
);

const { value } = fc.letrec<{ value: string; list: string; object: string }>((tie) => {
  return {
    value: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      fc.constantFrom('null', 'true', 'false'),
      whole,
      fraction,
      text,
      tie('list'),
      tie('object'),
    ),
    list: fc
      .record({ blank, items: fc.array(tie('value'), { maxLength: 4 }) })
      .map(({ blank, items }) => `[${blank}${items.join(`${blank},`)}${blank}]`),
    object: fc
      .record({ blank, members: fc.array(fc.record({ key: text, value: tie('value') }), { maxLength: 4 }) })
      .map(({ blank, members }) => writeObject(members, blank)),
  };
});

interface Member {
  readonly key: string;
  readonly value: string;
}

function writeObject(members: readonly Member[], blank: string): string {
  const texts = members.map(({ key, value }) => `${key}${blank}:${blank}${value}`);
  return `{${blank}${texts.join(`,${blank}`)}}`;
}

/** Few enough that some come twice, and those that the runtime sets itself, in other writings too. */
const known = fc.constantFrom(
  ...['"a"', '"b"', '"\\u0061"', '"__proto__"', '"constructor"', '"_sa_state"', '""', '"1"'],
  ...['"user_id"', '"user\\u005fid"', '"app_id"', '"user_jwt"', '"_context"', '"_conte\\u0078t"'],
);

/** A whole body with `count` values. */
export function bodyTexts(count: number): fc.Arbitrary<string> {
  const key = fc.oneof(text, known);
  const members = fc.array(fc.record({ key, value }), { minLength: count, maxLength: count });
  return fc.record({ members, blank }).map(({ members, blank }) => writeObject(members, blank));
}
