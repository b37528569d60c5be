import { expect, it } from 'vitest';
import { HOST_LIMITS } from '../../../main/contract/host.ts';
import { startBare } from './bare-process.ts';

/** What a plugin's Python process writes and returns. */

it('distinguishes the levels of what is written, finishes unfinished lines, and accepts bytes', async () => {
  const { call } = await startBare(`import logging, sys, warnings
logger = logging.getLogger("shop")
def execute(data):
    print("one", 2, sep="-", end="")
    print("!")
    print("a\\nb")
    logger.debug("never seen: production logs from INFO on")
    logger.info("info %d", 1)
    logger.error("bad")
    warnings.warn("old", DeprecationWarning)
    warnings.warn("careful")
    sys.stdout.reconfigure(encoding="utf-8", line_buffering=True)
    sys.stdout.buffer.write(b"bytes \\xc3\\xbc\\n")
    sys.stderr.write("half")
    try:
        1 / 0
    except ZeroDivisionError:
        logger.exception("failed")
    print("unfinished", end="")
    return {}
`);
  const { lines } = await call({});
  expect(lines.slice(0, 7)).toEqual([
    ['log', 'one-2!'],
    ['log', 'a'],
    ['log', 'b'],
    ['info', 'info 1'],
    ['error', 'bad'],
    ['warn', 'UserWarning: careful (logic.py, line 11)'],
    ['log', 'bytes ü'],
  ]);
  expect(lines[7]).toEqual(['error', expect.stringMatching(/^failed\nTraceback[\s\S]*ZeroDivisionError/)]);
  expect(lines.slice(8)).toEqual([
    ['log', 'unfinished'],
    ['error', 'half'],
  ]);
});

it('sends no more lines of a call than the limit and one marker', async () => {
  const { call } = await startBare(
    'def execute(data):\n    print("x" * data["wide"])\n    for n in range(data["n"]):\n        print(n)\n    return {}\n',
  );
  expect((await call({ n: 20_000, wide: 1 })).lines).toHaveLength(HOST_LIMITS.consoleLines + 1);
  const wide = (await call({ n: 2, wide: 1_000_000 })).lines;
  expect(wide).toHaveLength(2);
  expect(wide[1]?.[1]).toContain('output cut');
  expect((await call({ n: 1, wide: 3 })).lines.map(([, text]) => text)).toEqual(['xxx', '0']);
});

it('accepts results with any characters and up to the limit, and says what is wrong with the others', async () => {
  const { call } = await startBare(`import datetime, decimal, enum
class Colour(enum.IntEnum):
    RED = 1
class Own(dict):
    pass
values = {
    "text": {"t": "ü😀 \\u2028 \\\\ \\" \\x00"},
    "wide": {"t": "😀" * 1_000_000},
    "enum": {"c": Colour.RED, 1: (1, 2), "own": Own(a=True)},
    "time": {"rows": [{"when": datetime.datetime(2026, 1, 1)}, {"ratio": 1j}]},
    "set": {"tags": {1}},
    "price": {"price": decimal.Decimal("1")},
    "bytes": {"a": {"b": b"\\xff"}},
    "key": {"a": {(1, 2): 3}},
    "half": {"t": "\\ud800"},
    "generator": (n for n in range(3)),
}
deep = values["deep"] = {}
for n in range(50_000):
    deep["o"] = deep = {}
def execute(data):
    return values[data["what"]]
`);
  const settled = async (what: string) => {
    const { result } = await call({ what });
    if (result?.kind === 'returned') return JSON.parse(result.json);
    return result?.kind === 'invalid' ? result.reason : result;
  };
  expect(await settled('text')).toEqual({ t: 'ü😀 \u2028 \\ " \x00' });
  expect((await settled('wide')).t).toHaveLength(2_000_000);
  expect(await settled('enum')).toEqual({ c: 1, 1: [1, 2], own: { a: true } });
  expect(await settled('time')).toBe('it holds a complex at rows[1].ratio');
  expect(await settled('set')).toEqual({ tags: [1] });
  expect(await settled('price')).toEqual({ price: 1 });
  expect(await settled('bytes')).toBe('it holds a bytes at a.b');
  expect(await settled('key')).toBe('it holds a tuple as a key at a');
  expect(await settled('half')).toContain('lone surrogate');
  expect(await settled('generator')).toBe('it returned a generator, not a dict');
  expect(await settled('deep')).toContain('nesting that is too deep');
});

it('encodes models of pydantic by alias, and says what vanishes or is otherwise in production', async () => {
  // The interpreter need not have pydantic: what the host asks of a model is all that these have.
  const { call } = await startBare(`import sys, types
sys.modules["pydantic"] = types.ModuleType("pydantic")
class Two:
    model_fields = {}
    def model_dump(self, mode, by_alias):
        return {"mode": mode, "by_alias": by_alias}
class One:
    __fields__ = {}
    def dict(self, by_alias):
        return {"by_alias": by_alias, "tags": {1}}
values = {"two": Two(), "one": One(), "hidden": {"_sa_state": 1, "kept": 2}}
async def execute(data):
    return {"rows": [values[data["what"]]]}
`);
  const two = (await call({ what: 'two' })).result;
  expect(two).toEqual({ kind: 'returned', json: '{"rows":[{"mode":"json","by_alias":true}]}' });
  expect((await call({ what: 'one' })).result).toEqual({
    kind: 'returned',
    json: '{"rows":[{"by_alias":true,"tags":[1]}]}',
    differs: ['pydantic-1'],
  });
  expect(await call({ what: 'hidden' })).toEqual({
    result: { kind: 'returned', json: '{"rows":[{"kept":2}]}' },
    lines: [['warn', "left out of the result, as in production: '_sa_state' (keys that start with _sa)"]],
  });
});
