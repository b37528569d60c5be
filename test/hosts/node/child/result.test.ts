import { describe, expect, it } from 'vitest';
import { HOST_LIMITS } from '../../../../main/contract/host.ts';
import { checkResult, describeThrown } from '../../../../main/hosts/node/child/result.ts';

/** The rules without a process; through a plugin's process they are in plugins/engine/engine-results.test.ts. */

const invalid = (reason: string, typeName?: string) =>
  typeName === undefined ? { kind: 'invalid', reason } : { kind: 'invalid', reason, typeName };
const holds = (what: string) => invalid(`it holds ${what}`);
const returnedA = (what: string, type: string) => invalid(`it returned ${what}, not a JSON object`, type);

describe('what a plugin returned', () => {
  it.each<[string, unknown, string]>([
    ['an object', { a: [1, 'b', null, true], c: { d: undefined } }, '{"a":[1,"b",null,true],"c":{}}'],
    ['the same object twice, which is no cycle', twice({}), '{"a":{},"b":{}}'],
    ['an object that serializes itself to one', { toJSON: () => ({ a: 1 }) }, '{"a":1}'],
    ['a date within', { at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
  ])('%s is a result', (_what, value, json) => {
    expect(checkResult(value)).toEqual({ kind: 'returned', json });
  });

  it.each<[unknown, object]>([
    [undefined, returnedA('undefined', 'NoneType')],
    [null, returnedA('null', 'NoneType')],
    [[1], returnedA('an array', 'list')],
    ['a', returnedA('a string', 'str')],
    [true, returnedA('a boolean', 'bool')],
    [5, returnedA('a number', 'int')],
    [1.5, returnedA('a number', 'float')],
    [Number.NaN, returnedA('NaN', 'float')],
    [5n, returnedA('a BigInt', 'int')],
    [Symbol('a'), returnedA('a symbol', 'symbol')],
    [() => 1, returnedA('a function', 'function')],
    [{ toJSON: () => undefined }, invalid('it serializes to nothing, not to a JSON object', 'NoneType')],
    [{ toJSON: () => [1] }, invalid('it serializes to [1], not to a JSON object', 'list')],
    [
      { toJSON: () => 'x'.repeat(120) },
      invalid(`it serializes to "${'x'.repeat(119)}…, not to a JSON object`, 'str'),
    ],
    [
      { toJSON: () => 'x'.repeat(118) },
      invalid(`it serializes to "${'x'.repeat(118)}", not to a JSON object`, 'str'),
    ],
    [{ a: [{ b: Number.NaN }] }, holds('NaN at a[0].b')],
    [{ a1: Number.NaN }, holds('NaN at a1')],
    [{ 0: { b: Number.NaN } }, holds('NaN at [0].b')],
    [{ a: [...'0123456789', Number.NaN] }, holds('NaN at a[10]')],
    [{ a: -Infinity }, holds('-Infinity at a')],
    [{ a: { b: 1 }, c: { '1x': () => 1 } }, holds('a function at c.1x')],
    [{ a: Symbol('a') }, holds('a symbol at a')],
    [{ a: 1, b: [[], [1n]] }, holds('a BigInt at b[1][0]')],
    [cyclic(), holds('a cycle at a.b')],
    [throwing(new Error('no')), invalid("it can't be serialized: no")],
    [
      throwing(new Error('x'.repeat(HOST_LIMITS.textLength))),
      invalid(
        `it can't be serialized: ${'x'.repeat(HOST_LIMITS.textLength)}`.slice(0, HOST_LIMITS.textLength),
      ),
    ],
  ])('case %#: is none, and the reason says why', (value, expected) => {
    expect(checkResult(value)).toStrictEqual(expected);
  });

  it('is measured in bytes', () => {
    const around = Buffer.byteLength('{"a":""}');
    const fitting = 'é'.repeat((HOST_LIMITS.resultBytes - around) / 2);
    expect(checkResult({ a: fitting }).kind).toBe('returned');
    const limit = `${(HOST_LIMITS.resultBytes / 1024 / 1024).toFixed(1)} MB`;
    expect(checkResult({ a: `${fitting}x` })).toEqual(
      invalid(`it is ${limit} as JSON; the limit is ${limit}`),
    );
  });
});

it.each<[unknown, string]>([
  [new Error('no'), 'no'],
  [new TypeError(''), 'TypeError'],
  ['text', 'text'],
  [Object.create(null), 'an error without a message'],
])('case %#: anything thrown has a message', (thrown, message) => {
  expect(describeThrown(thrown)).toBe(message);
});

function twice(shared: object): object {
  return { a: shared, b: shared };
}

function cyclic(): object {
  const value: { a: { b?: object } } = { a: {} };
  value.a.b = value;
  return value;
}

function throwing(error: Error): object {
  return {
    get a() {
      throw error;
    },
  };
}
