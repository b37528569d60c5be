/**
 * Python expressions for what plugins return. Their names are those of
 * `test/fixtures/encoding/plugins/results/logic.py`.
 */
import fc from 'fast-check';

function pythonText(value: string): string {
  const written = Array.from(value, (character) => {
    if (/[ !#-[\]-~]/.test(character)) return character;
    return `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`;
  });
  return `"${written.join('')}"`;
}

function pythonFloat(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  return /[.e]/.test(String(value)) ? String(value) : `${value}.0`;
}

const characters = fc.oneof(
  fc.string({ unit: 'binary-ascii', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const text = characters.map(pythonText);
const float = fc.double({ noNaN: true, noDefaultInfinity: true }).map(pythonFloat);
const int = fc.oneof(
  fc.integer().map(String),
  fc.bigInt({ min: -(10n ** 60n), max: 10n ** 60n }).map(String),
);
const decimal = fc.oneof(
  fc.constantFrom('"2"', '"1.50"', '"1E+3"', '"-0"', '"0.0"', '"1e-10"', '"1e400"').map((n) => `(${n})`),
  fc
    .record({ digits: int, scale: fc.integer({ min: -20, max: 20 }) })
    .map(({ digits, scale }) => `("${digits}E${scale}")`),
);

const upTo = (max: number, min = 0) => fc.integer({ min, max });
const microsecond = fc.oneof(fc.constant(0), upTo(999_999));
const zone = fc.oneof(
  fc.constant('None'),
  fc.constant('datetime.timezone.utc'),
  upTo(1439, -1439).map((minutes) => `datetime.timezone(datetime.timedelta(minutes=${minutes}))`),
);
const dateParts = fc.tuple(upTo(9999, 1), upTo(12, 1), upTo(28, 1)).map((parts) => parts.join(', '));
const timeParts = fc.tuple(upTo(23), upTo(59), upTo(59), microsecond, zone).map((parts) => parts.join(', '));

const moment = fc.oneof(
  fc.tuple(dateParts, timeParts).map(([date, time]) => `datetime.datetime(${date}, ${time})`),
  dateParts.map((date) => `datetime.date(${date})`),
  timeParts.map((time) => `datetime.time(${time})`),
  fc
    .tuple(upTo(9_999, -9_999), upTo(86_399), microsecond)
    .map((parts) => `datetime.timedelta(${parts.join(', ')})`),
);

const address = fc.constantFrom(
  'ipaddress.ip_address("127.0.0.1")',
  'ipaddress.ip_address("2001:db8::1")',
  'ipaddress.ip_network("10.0.0.0/8")',
  'ipaddress.ip_network("2001:db8::/32")',
  'ipaddress.ip_interface("192.168.1.5/24")',
  'ipaddress.ip_interface("2001:db8::5/64")',
);

const path = fc.constantFrom(
  'pathlib.Path("notes/today.txt")',
  'pathlib.PurePosixPath("/srv/ü")',
  'pathlib.PureWindowsPath("C:/Users")',
);

/** What can also be a key of a dict or in a set. */
const key = fc.oneof(
  { withCrossShrink: true },
  { weight: 4, arbitrary: text },
  text.map((value) => `"_sa" + ${value}`),
  fc.constantFrom('"_sa_instance_state"', '"a"', '"1"', '"null"', 'None', 'True', 'False', '1', '1.0', '1.5'),
  int,
  float,
  moment,
  fc.uuid().map((uuid) => `uuid.UUID("${uuid}")`),
  decimal.map((value) => `decimal.Decimal${value}`),
  fc.constantFrom(
    'Color.RED',
    'Color.NONE',
    'Level.HIGH',
    'Unit.METRE',
    'Text("own")',
    'Whole(7)',
    'Share(0.5)',
  ),
  address,
  path,
  text.map((value) => `${value}.encode()`),
);

const leaf = fc.oneof(
  { withCrossShrink: true },
  { weight: 5, arbitrary: key },
  fc.constantFrom('Color.MIX', 're.compile("^a+$")', 'Thing()', 'frozenset()', 'ValueError("lost")'),
  // What a deque holds is left out: the application's FastAPI gives it as it is, production's encodes it.
  fc.constant('collections.deque([1, "a", None, [2.5]])'),
);

const numbers = fc.uniqueArray(upTo(7), { maxLength: 8 }).map((values) => `[${values.join(', ')}]`);
/** Of what has no fixed order, one is enough. */
const unordered = fc.oneof(
  numbers,
  key.map((value) => `[${value}]`),
);

const attribute = fc.constantFrom('a', 'b', 'item_count', '_private', '_sa_instance_state');

function writeDict(entries: readonly (readonly [string, string])[]): string {
  return `{${entries.map(([name, value]) => `${name}: ${value}`).join(', ')}}`;
}

function containersOf(child: fc.Arbitrary<string>): fc.Arbitrary<string>[] {
  const items = fc.array(child, { maxLength: 3 });
  const list = items.map((values) => `[${values.join(', ')}]`);
  const dict = fc.array(fc.tuple(key, child), { maxLength: 3 }).map(writeDict);
  const attributes = fc
    .uniqueArray(fc.tuple(attribute, child), { maxLength: 3, selector: ([name]) => name })
    .map((entries) => entries.map(([name, value]) => `${name}=${value}`).join(', '));
  return [
    list,
    dict,
    items.map((values) => `(${values.map((value) => `${value},`).join(' ')})`),
    unordered.map((values) => `set(${values})`),
    unordered.map((values) => `frozenset(${values})`),
    fc.tuple(child, child).map(([left, right]) => `Pair(${left}, ${right})`),
    fc.tuple(child, child).map(([x, y]) => `Point(${x}, ${y})`),
    child.map((value) => `Label(${value})`),
    attributes.map((given) => `Thing(${given})`),
    attributes.map((given) => `types.SimpleNamespace(${given})`),
    dict.map((rows) => `Table(${rows})`),
    dict.map((rows) => `collections.UserDict(${rows})`),
    dict.map((rows) => `collections.OrderedDict(${rows})`),
    fc.tuple(key, child).map(([name, value]) => `Pairs((${name}, ${value}))`),
    fc.tuple(text, child).map(([place, whom]) => `Visit(where=${place}, with_whom=${whom})`),
    fc
      .tuple(text, decimal)
      .map(([place, cost]) => `Visit(where="a", before=Visit(where=${place}, cost=${cost}))`),
    child.map((value) => `Pairs(1, ${value})`),
  ];
}

/** A dataclass copies what it holds, which neither a generator nor a view survives: those are only ever outside. */
const { value } = fc.letrec<{ value: string; copied: string }>((tie) => {
  const spread = tie('value');
  const items = fc.array(spread, { maxLength: 3 }).map((values) => values.join(', '));
  return {
    copied: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, ...containersOf(tie('copied'))),
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      tie('copied'),
      items.map((values) => `one_by_one(${values})`),
      items.map((values) => `(one for one in [${values}])`),
      items.map((values) => `[${values}]`),
      fc.tuple(key, spread).map(([name, inner]) => `{${name}: ${inner}}`),
      fc.tuple(key, spread).map(([name, inner]) => `types.MappingProxyType({${name}: ${inner}})`),
      spread.map((inner) => `Thing(held=${inner})`),
    ),
  };
});

/** `count` expressions of values that production can answer with. */
export function expressions(count: number): fc.Arbitrary<string[]> {
  return fc.array(value, { minLength: count, maxLength: count });
}

/** Values that are 500 in production. */
export const REFUSED = [
  ...[
    'float("nan")',
    'float("inf")',
    '-float("inf")',
    'decimal.Decimal("NaN")',
    'decimal.Decimal("Infinity")',
  ],
  ...['object()', 'Slots()', 'range(3)', '1j', 'bytearray(b"ab")', 'memoryview(b"ab")', 'b"\\xff"'],
  ...['"\\ud800"', '{"\\ud800": 1}', '{(1, 2): 3}', '{float("inf"): 1}', '{Label(1): 2}', '{frozenset(): 1}'],
  ...[
    'cycle()',
    'Since.START',
    'Point',
    'Point(one_by_one(1))',
    're.compile(b"a")',
    'collections.deque([object()])',
  ],
  // What a database returns.
  ...['ObjectId("a" * 24)', 'Decimal128("1.5")'],
];
