import { describe, expect, it } from 'vitest';
import { bench } from '../workspace.ts';

describe('what goes into a plugin and what comes out', () => {
  it.each([
    ['a BigInt', '({ a: [1, { b: 1n }] })', 'a BigInt at a[1].b'],
    ['a cycle', '(() => { const o = { x: {} }; o.x.back = o; return o; })()', 'a cycle at x.back'],
    ['a function', '(() => 1)', 'it returned a function'],
    ['a nested function', '({ f() {} })', 'a function at f'],
    ['a nested symbol', '({ s: Symbol("s") })', 'a symbol at s'],
    ['NaN', '({ rows: [{ n: NaN }] })', 'NaN at rows[0].n'],
    ['Infinity', '({ n: -Infinity })', '-Infinity at n'],
    ['a throwing toJSON', '({ toJSON() { throw new Error("no json"); } })', 'no json'],
    ['a throwing getter', '({ get a() { throw new Error("no a"); } })', 'no a'],
    ['50 MB', '({ big: "x".repeat(50_000_000) })', 'the limit is 5.0 MB'],
    ['undefined', 'undefined', 'it returned undefined'],
    ['null', 'null', 'it returned null'],
    ['an array', '[1, 2]', 'it returned an array'],
    ['text', '"text"', 'it returned a string'],
    ['a Date', 'new Date(0)', 'not to a JSON object'],
    [
      'a nest too deep',
      '(() => { let o = {}; for (let n = 0; n < 50_000; n++) o = { o }; return o; })()',
      "can't be serialized",
    ],
  ])('P4 refuses %s as a result', async (_, expression, reason) => {
    const { call, engine } = await bench({ 'p/logic.js': `export const execute = () => ${expression};` });
    const pid = engine.get('p')?.pid;
    expect((await call('p')).result).toMatchObject({
      kind: 'invalid',
      reason: expect.stringContaining(reason),
    });
    expect((await call('p')).pid).toBe(pid);
  });

  it('P4 accepts what serializes to an object', async () => {
    const source = `class Point { x = 1; #y = 2; toJSON() { return { x: this.x, y: this.#y }; } }
      export const execute = () => { const same = {}; return Object.assign(Object.create(null), { point: new Point(), when: new Date(0), gone: undefined, map: new Map(), same, again: [same, same] }); };`;
    const { value } = await bench({ 'p/logic.js': source });
    expect(await value('p')).toEqual({
      point: { x: 1, y: 2 },
      when: '1970-01-01T00:00:00.000Z',
      map: {},
      same: {},
      again: [{}, {}],
    });
  });

  it('passes data on as plain data: nothing is polluted', async () => {
    const source = `export const execute = (data) => ({
      own: Object.hasOwn(data, '__proto__') || Object.hasOwn(data.deep, '__proto__'),
      merged: Object.assign({}, data).admin ?? null, spread: ({ ...data.deep }).admin ?? null, polluted: ({}).admin ?? null,
      kept: data.constructor.prototype.x,
    });`;
    const { value } = await bench({ 'p/logic.js': source });
    const data = JSON.parse(
      '{"__proto__":{"admin":true},"deep":{"__proto__":{"admin":true}},"constructor":{"prototype":{"x":1}}}',
    );
    expect(await value('p', data)).toEqual({
      own: false,
      merged: null,
      spread: null,
      polluted: null,
      kept: 1,
    });
  });
});
