import { expect, it } from 'vitest';
import { recordedCall } from '../../../main/traces/record/recorded-request.ts';
import { traceOf } from '../../support/trace-fixture.ts';

const { request } = traceOf(1);

it('sends again what was sent, with its query', () => {
  const trace = traceOf(1, { request: { ...request, path: '/api/execute/hello?a=1' } });
  expect(recordedCall(trace)).toEqual({
    path: '/api/execute/hello?a=1',
    body: '{"order":"order-1","name":"Zoë"}',
  });
});

it('sends numbers as they were written', () => {
  const text = '{"id":12345678901234567890,"one":1.0}';
  const body = { text, bytes: text.length, truncated: false };
  expect(recordedCall(traceOf(1, { request: { ...request, body } })).body).toBe(text);
});

it.each(['@evil.example/api/execute/hello', '.evil.example/', '', 'http://evil.example/'])(
  'takes %j for no path: put after an address it would name another host',
  (path) => {
    expect(() => recordedCall(traceOf(1, { request: { ...request, path } }))).toThrow(
      expect.objectContaining({
        code: 'BAD_REQUEST',
        message: 'Its path is invalid, so it is not sent again',
      }),
    );
  },
);

it('sends nothing where there was no body', () => {
  for (const body of [null, { bytes: 0, truncated: false }]) {
    expect(recordedCall(traceOf(1, { request: { ...request, body } })).body).toBe('');
  }
});

it('sends no body again that was stored only in part', () => {
  const body = { text: '{"a', bytes: 999, truncated: true };
  expect(() => recordedCall(traceOf(1, { request: { ...request, body } }))).toThrow(
    expect.objectContaining({
      code: 'BAD_REQUEST',
      message: "The body of 999 bytes was stored only in part and can't be sent again",
    }),
  );
});
