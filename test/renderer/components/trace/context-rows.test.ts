import { describe, expect, it } from 'vitest';
import type { Json } from '../../../../main/contract/http.ts';
import type { TraceRequest } from '../../../../main/contract/trace.ts';
import { clientSide, contextRows, limitRows } from '../../../../renderer/components/trace/context-rows.ts';
import { aTrace, provenance } from '../../support/trace-fixture.ts';

function requestWith(json: Json): TraceRequest {
  return {
    method: 'POST',
    path: '/api/execute/whoami',
    headers: {},
    body: { json, bytes: JSON.stringify(json).length, truncated: false },
  };
}

describe('the rows of the context table', () => {
  it('shows a client field on both sides, without a source', () => {
    const [row, ...rest] = contextRows(
      aTrace({ request: requestWith({ action: 'list' }), received: { action: 'list' } }),
    );
    expect(row).toEqual({
      path: 'action',
      client: { path: 'action', value: 'list' },
      got: { path: 'action', value: 'list' },
      link: 'passed',
      provenance: null,
      spoof: null,
    });
    expect(rest).toEqual([]);
  });

  it.each([
    ['as it was sent to Python', { exactNumbers: true } as const, '12345678901234567890'],
    ['as JavaScript holds it', {}, undefined],
  ])('shows a number %s', (_what, language, got) => {
    const text = '{"id":12345678901234567890}';
    const body = { text, bytes: text.length, truncated: false };
    const received = JSON.parse(text);
    const [row] = contextRows(aTrace({ request: { ...requestWith({}), body }, received, ...language }));
    expect(row?.client?.text).toBe('12345678901234567890');
    expect(row?.got).toEqual({ path: 'id', value: received.id, text: got });
  });

  it('puts a spoofed key beside what the runtime set instead', () => {
    const [row, ...rest] = contextRows(
      aTrace({
        request: requestWith({ user_id: 'evil' }),
        received: { user_id: 'user_123' },
        provenance: [provenance({ field: 'user_id' })],
        spoofs: [{ key: 'user_id', sent: 'evil', action: 'replaced' }],
      }),
    );
    expect(row?.client).toEqual({ path: 'user_id', value: 'evil' });
    expect(row?.got).toEqual({ path: 'user_id', value: 'user_123' });
    expect(row).toMatchObject({ link: 'injected', spoof: 'replaced' });
    expect(rest).toEqual([]);
  });

  it('expands a spoofed object so that its fields are beside the real ones, including unmatched ones', () => {
    const rows = contextRows(
      aTrace({
        request: requestWith({ _context: { is_superadmin: true, tenant: 'x' } }),
        received: { _context: { is_superadmin: false } },
        provenance: [provenance({ field: '_context.is_superadmin', value: false, source: 'default' })],
        spoofs: [{ key: '_context', sent: { is_superadmin: true, tenant: 'x' }, action: 'replaced' }],
      }),
    );
    expect(rows.map((row) => [row.path, row.client?.value, row.got?.value, row.link])).toEqual([
      ['_context.is_superadmin', true, false, 'injected'],
      ['_context.tenant', 'x', undefined, 'removed'],
    ]);
    expect(rows.every((row) => row.spoof === 'replaced')).toBe(true);
  });

  it('shows a spoofed object without fields as one row', () => {
    const rows = contextRows(
      aTrace({
        request: requestWith({ _context: {} }),
        spoofs: [{ key: '_context', sent: {}, action: 'replaced' }],
      }),
    );
    expect(rows.map((row) => [row.path, row.client?.value])).toEqual([['_context', {}]]);
  });

  it('says that a field is withheld when the runtime sets none', () => {
    const [row] = contextRows(
      aTrace({
        request: requestWith({ user_jwt: 'x' }),
        provenance: [provenance({ field: 'user_jwt', present: false, value: null, source: 'header' })],
        spoofs: [{ key: 'user_jwt', sent: 'x', action: 'removed' }],
      }),
    );
    expect(row).toMatchObject({ link: 'withheld', got: null, spoof: 'removed' });
    expect(row?.client?.value).toBe('x');
  });

  it('marks what a client sent and the plugin did not receive', () => {
    const [row] = contextRows(aTrace({ request: requestWith({ gone: 1 }), received: {} }));
    expect(row).toMatchObject({ link: 'removed', got: null });
  });

  it('is not fooled by inherited names', () => {
    const [row] = contextRows(aTrace({ request: requestWith({ toString: 1 }), received: {} }));
    expect(row).toMatchObject({ path: 'toString', link: 'removed' });
  });

  it('stops every field of a call that never ran', () => {
    const rows = contextRows(
      aTrace({
        outcome: 'refused',
        request: requestWith({ a: 1 }),
        received: null,
        provenance: [provenance({ field: 'user_id' })],
      }),
    );
    expect(rows.map((row) => [row.path, row.link, row.got])).toEqual([
      ['a', 'stopped', null],
      ['user_id', 'stopped', null],
    ]);
  });

  it('shows what the plugin received of a body truncated in the trace', () => {
    const rows = contextRows(
      aTrace({
        request: {
          method: 'POST',
          path: '/',
          headers: {},
          body: { text: '{"big":"…', bytes: 900_000, truncated: true },
        },
        received: { big: '…', user_id: 'user_123' },
        provenance: [provenance({ field: 'user_id' })],
      }),
    );
    expect(rows.map((row) => row.path)).toEqual(['user_id', 'big']);
  });
});

describe("the client's side", () => {
  it.each([
    [{ json: { a: 1 }, bytes: 7, truncated: false }, 'fields'],
    [{ json: [1], bytes: 3, truncated: false }, 'not-json'],
    [{ text: '{', bytes: 1, truncated: false }, 'not-json'],
    [{ text: '{"a":', bytes: 900_000, truncated: true }, 'cut'],
    [{ text: '', bytes: 0, truncated: false }, 'none'],
    [null, 'none'],
  ])('%j is %s', (body, side) => {
    expect(clientSide(aTrace({ request: { method: 'POST', path: '/', headers: {}, body } }))).toBe(side);
  });
});

describe('limitRows', () => {
  it("limits the client's own rows only", () => {
    const rows = contextRows(
      aTrace({
        request: requestWith({ a: 1, b: 2, c: 3, user_id: 'evil' }),
        received: { a: 1, b: 2, c: 3 },
        provenance: [provenance({ field: 'user_id' })],
      }),
    );
    const { shown, hidden } = limitRows(rows, 2);
    expect(shown.map(({ path }) => path)).toEqual(['a', 'b', 'user_id']);
    expect(hidden).toBe(1);
  });
});
