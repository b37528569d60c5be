import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../main/contract/http.ts';
import { keepBody, keepReceived, MAX_STORED_BYTES } from '../../../main/traces/record/body.ts';
import { createRedactor } from '../../../main/traces/record/redact.ts';
import { cpuTimeMs } from '../../support/cpu-time.ts';

const SECRET = 'the-secret-value-of-this-test';
const redactor = createRedactor([SECRET]);
const jsonBody = (value: object) => ({
  kind: 'json' as const,
  value: value as never,
  text: JSON.stringify(value),
});

describe('keepReceived of much', () => {
  const note = (bytes: number) => `(${bytes} bytes, not stored)`;

  it('keeps whole what just fits, and replaces long values where it does not', () => {
    const fits = { a: 'x'.repeat(MAX_STORED_BYTES - 8) };
    expect(keepReceived(fits, [], redactor)).toEqual(fits);
    expect(keepReceived({ a: `${fits.a}x` }, [], redactor)).toEqual({ a: note(MAX_STORED_BYTES - 5) });
    expect(keepReceived({ a: 'é'.repeat(140_000), b: null, c: true, d: 1 }, [], redactor)).toEqual({
      a: note(280_002),
      b: null,
      c: true,
      d: 1,
    });
  });

  it('notes the size that was received, and shows that a secret was there', () => {
    const much = { fill: 'x'.repeat(300_000), own: SECRET.repeat(400), password: 'y'.repeat(9_000) };
    expect(keepReceived(much, [], redactor)).toEqual({
      fill: note(300_002),
      own: note(SECRET.length * 400 + 2),
      password: '(masked)',
    });
    const sizes = { fill: 'x'.repeat(300_000), fits: 'y'.repeat(4_094), long: 'z'.repeat(4_095) };
    expect(keepReceived(sizes, [], redactor)).toEqual({ ...sizes, fill: note(300_002), long: note(4_097) });
  });

  it('keeps every line as long as their JSON just fits', () => {
    const lines = Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`k${at}`, 'x'.repeat(4_000)]));
    const stored = { fill: note(300_002), ...lines, last: '' };
    const left = MAX_STORED_BYTES + 1 - JSON.stringify(stored).length;
    const kept = (last: string) =>
      keepReceived({ fill: 'x'.repeat(300_000), ...lines, last }, ['last'], redactor);
    expect(kept('x'.repeat(left))).toEqual({ ...stored, last: 'x'.repeat(left) });
    expect(Object.keys(kept('x'.repeat(left + 1)))).toEqual(['(66 more keys, not stored)', 'last']);
  });

  it.each<[string, JsonObject[string]]>([
    ['texts', 'x'.repeat(4_000)],
    ['objects', { v: 'x'.repeat(4_000) }],
  ])('keeps of many %s only those that are always kept', (_what, value) => {
    const much = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`k${index}`, value]));
    expect(keepReceived(much, ['k7'], redactor)).toEqual({ '(99 more keys, not stored)': null, k7: value });
  });
});

describe('keepBody', () => {
  it('keeps JSON parsed, with the real size', () => {
    expect(keepBody(jsonBody({ a: 'é' }), redactor)).toEqual({
      json: { a: 'é' },
      bytes: 10,
      truncated: false,
    });
  });

  it('keeps numbers as they were sent, and masks by key all the same', () => {
    const text = `{"id":12345678901234567890,"one":1.0,"password":99.50,"note":"${SECRET} 7"}`;
    const body = { kind: 'json' as const, value: JSON.parse(text), text };
    expect(keepBody(body, redactor)).toEqual({
      text: '{"id":12345678901234567890,"one":1.0,"password":"(masked)","note":"(masked) 7"}',
      bytes: text.length,
      truncated: false,
    });
  });

  it('masks a number that holds the digits of a secret, and stays JSON', () => {
    const text = '{"pin":8437261905,"one":1.0}';
    const { text: kept = '' } = keepBody(
      { kind: 'json', value: JSON.parse(text), text },
      createRedactor(['8437261905']),
    );
    expect(kept).not.toContain('8437261905');
    expect(JSON.parse(kept)).toEqual({ pin: expect.any(String), one: 1 });
  });

  it('takes what is left of such a number, before or behind the mask, for text', () => {
    const text = '{"before":128437261905,"behind":843726190577,"one":1.0}';
    const { text: kept = '' } = keepBody(
      { kind: 'json', value: JSON.parse(text), text },
      createRedactor(['8437261905']),
    );
    expect(JSON.parse(kept)).toEqual({ before: '12(masked)', behind: '(masked)77', one: 1 });
  });

  it('keeps whole-numbered keys where they were sent, which JavaScript would move', () => {
    const text = `{"b":{"2":true,"1":"${SECRET}"},"10":[{"a":2,"9" :1,"007":3}],"2":"\\"4\\":","\\"5":6}`;
    const { text: kept } = keepBody({ kind: 'json', value: JSON.parse(text), text }, redactor);
    expect(kept).toBe(text.replace(SECRET, '(masked)').replace('"9" :', '"9":'));
  });

  it('keeps of an unread body its size', () => {
    expect(keepBody({ kind: 'unread', bytes: 7 }, redactor)).toEqual({ bytes: 7, truncated: true });
  });

  it('measures in bytes what is neither small nor too long', () => {
    const fits = { a: 'x'.repeat(MAX_STORED_BYTES - 8) };
    expect(keepBody(jsonBody(fits), redactor)).toMatchObject({ json: fits, truncated: false });
    expect(keepBody(jsonBody({ a: `${fits.a}x` }), redactor)).toMatchObject({ truncated: true });
    expect(keepBody(jsonBody({ a: 'é'.repeat(140_000) }), redactor)).toMatchObject({ truncated: true });
    const text = 'x'.repeat(MAX_STORED_BYTES);
    expect(keepBody({ kind: 'text', text, bytes: 1 }, redactor)).toEqual({
      text,
      bytes: 1,
      truncated: false,
    });
  });

  it('says so when the masks make a small body too long', () => {
    const body = jsonBody({ a: 'pwd=x&'.repeat(21_000), b: 1 });
    const { text, truncated } = keepBody(body, redactor);
    expect([text?.length, truncated]).toEqual([MAX_STORED_BYTES, true]);
  });

  it('drops half a character at the cut, and no other', () => {
    const text = `\ufffd${'x'.repeat(MAX_STORED_BYTES - 4)}é`;
    const kept = keepBody({ kind: 'text', text, bytes: 1 }, redactor);
    expect(kept.text).toBe(text.slice(0, -1));
  });

  it('keeps thousands of numbers as they were sent', () => {
    const text = JSON.stringify(Array(7_000).fill('1.0')).replaceAll('"', '');
    expect(keepBody({ kind: 'json', value: JSON.parse(text), text }, redactor).text).toBe(text);
  });

  it('keeps text that is not JSON', () => {
    const body = { kind: 'text' as const, text: `{"a": ${SECRET}`, bytes: 99 };
    expect(keepBody(body, redactor)).toEqual({ text: '{"a": (masked)', bytes: 99, truncated: false });
  });

  it('cuts what is long, at a character, and says how long it was', () => {
    const body = jsonBody({ a: 'é'.repeat(MAX_STORED_BYTES) });
    const kept = keepBody(body, redactor);
    expect(kept).toMatchObject({ bytes: Buffer.byteLength(body.text), truncated: true });
    expect(Buffer.byteLength(kept.text ?? '')).toBeLessThanOrEqual(MAX_STORED_BYTES);
    expect(kept.text).toMatch(/^\{"a":"é+$/);
  });

  it('H17: takes less time for thousands of small values than to mask them all', () => {
    const keys = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 1]));
    const seen = (value: JsonObject) => ({ kind: 'json', value, text: JSON.stringify(value) }) as const;
    const many = seen(keys(150_000));
    const whole = cpuTimeMs(() => redactor.json(many.value));
    expect(cpuTimeMs(() => keepBody(many, redactor))).toBeLessThan(whole);
    expect(keepBody(many, redactor)).toMatchObject({ truncated: true, bytes: many.text.length });
    expect(keepBody(many, redactor).text).toBe(many.text.slice(0, MAX_STORED_BYTES));
  });

  it('H17: reads no more of a long body again than is stored, and says that it was cut', () => {
    const text = `{"one":1.0,"many":${JSON.stringify(Array(20_000).fill(SECRET))}}`;
    const kept = keepBody({ kind: 'json', value: JSON.parse(text), text }, redactor);
    // All of it would fit, since masks are shorter.
    expect(kept).toMatchObject({ bytes: text.length, truncated: true });
    expect(kept.text).toMatch(/^\{"one":1\.0,"many":\["\(masked\)",.*"\(masked\)"\]\}$/);
  });

  it('keeps the beginning of a long body as it would keep the whole', () => {
    const value = { token: 's', list: [[1.5, null, {}], 'é'.repeat(10)], ...many(), deep: { password: 'x' } };
    const text = JSON.stringify(value);
    const kept = keepBody({ kind: 'json', value, text }, redactor);
    expect(kept.truncated).toBe(true);
    const whole = Buffer.from(JSON.stringify(redactor.json(value)));
    expect(whole.toString().startsWith(kept.text ?? '?')).toBe(true);
    expect(Buffer.byteLength(kept.text ?? '')).toBe(MAX_STORED_BYTES);
  });

  it('masks before it cuts: no half of a secret is left at the edge', () => {
    for (let shift = 0; shift < SECRET.length; shift += 1) {
      const text = `${'x'.repeat(MAX_STORED_BYTES - shift)}${SECRET}`;
      expect(keepBody({ kind: 'text', text, bytes: text.length }, redactor).text).not.toContain('the-s');
    }
  });
});

function many(): JsonObject {
  return Object.fromEntries(Array.from({ length: 40_000 }, (_, at) => [`key${at}`, 'v']));
}

describe('keepReceived', () => {
  it('keeps every field’s line when values are long, and reserved keys when there are too many', () => {
    const long = { a: 'x'.repeat(MAX_STORED_BYTES), b: 1, user_id: 'u' };
    expect(keepReceived(long, ['user_id'], redactor)).toEqual({
      a: `(${MAX_STORED_BYTES + 2} bytes, not stored)`,
      b: 1,
      user_id: 'u',
    });
    const many = Object.fromEntries(Array.from({ length: 30_000 }, (_, index) => [`key${index}`, 'value']));
    expect(keepReceived({ ...many, user_id: 'u' }, ['user_id'], redactor)).toEqual({
      '(30000 more keys, not stored)': null,
      user_id: 'u',
    });
  });
});
