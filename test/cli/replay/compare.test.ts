import { describe, expect, it } from 'vitest';
import { compareWithRecorded } from '../../../main/cli/replay/compare.ts';
import { type CallAnswer, guessOutcome } from '../../../main/cli/target/plugin-call.ts';
import type { Json } from '../../../main/contract/http.ts';
import { createRedactor } from '../../../main/traces/record/redact.ts';
import { traceOf } from '../../support/trace-fixture.ts';

const options = { redactor: createRedactor([]), ignore: [], outcomeIsKnown: true };

function answer(body: string, status = 200): CallAnswer {
  const whole = {
    status,
    headers: {},
    body,
    bytes: body.length,
    truncated: false,
    durationMs: 1,
    server: '',
  };
  return { answer: whole, ...guessOutcome(whole), durationMs: 1 };
}

function recordedAs(json: Json) {
  return traceOf(1, { response: { status: 200, headers: {}, body: { json, bytes: 1, truncated: false } } });
}

const places = (recorded: Json, now: Json) =>
  compareWithRecorded(recordedAs(recorded), answer(JSON.stringify(now)), options).map(({ place }) => place);

describe('what was masked', () => {
  it.each<[string, Json]>([
    ['key (masked) end', 'key 42 end'],
    ['(masked)', 'anything'],
    ['(masked)', { any: 'thing' }],
    ['a (masked) b eyJ…(masked) c', 'a 1 b 2 c'],
  ])('%j may have been %j', (recorded, now) => {
    expect(places({ said: recorded }, { said: now })).toEqual([]);
  });

  it.each([
    ['key (masked) end', 'key 42 and'],
    ['key (masked) end', 'a key 42 end'],
    ['ab(masked)ba', 'aba'],
  ])('%j was not %j', (recorded, now) => {
    expect(places({ said: recorded }, { said: now })).toEqual(['body.said']);
  });
});

it('compares part by part, and keeps lists and objects apart', () => {
  expect(places({ a: [1, { b: 2 }], c: {} }, { a: [1, { b: 3 }, 4], c: [] })).toEqual([
    'body.a.1.b',
    'body.a.2',
    'body.c',
  ]);
  expect(places({ a: null }, {})).toEqual(['body.a']);
});

it('reads inherited names as absent', () => {
  expect(places({}, { constructor: 'x' })).toEqual(['body.constructor']);
});

it('compares numbers as they are written, where JavaScript would write them otherwise', () => {
  const recorded = (text: string) =>
    traceOf(1, {
      response: { status: 200, headers: {}, body: { text, bytes: text.length, truncated: false } },
    });
  const text = '{"one":1.0,"id":12345678901234567890,"n":2}';
  const now = text.replace('1.0', '1').replace('890,', '891,');
  expect(compareWithRecorded(recorded(text), answer(text), options)).toEqual([]);
  expect(compareWithRecorded(recorded(text), answer(now), options)).toEqual([
    { place: 'body.one', recorded: 'number 1.0', now: 1 },
    { place: 'body.id', recorded: 'number 12345678901234567890', now: 'number 12345678901234567891' },
  ]);
});

it('compares what is not JSON as text', () => {
  const trace = traceOf(1, {
    response: { status: 200, headers: {}, body: { text: 'plain', bytes: 5, truncated: false } },
  });
  expect(compareWithRecorded(trace, answer('plain'), options)).toEqual([]);
  expect(compareWithRecorded(trace, answer('other'), options)).toEqual([
    { place: 'body', recorded: 'plain', now: 'other' },
  ]);
});

it('says that no answer came', () => {
  const none: CallAnswer = { answer: null, outcome: 'timeout', errorCode: null, durationMs: 1 };
  expect(compareWithRecorded(recordedAs({}), none, options).map(({ place }) => place)).toEqual([
    'outcome',
    'status',
  ]);
});
