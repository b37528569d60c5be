import { describe, expect, it } from 'vitest';
import type { Json } from '../../../../../main/contract/http.ts';
import {
  alignColumns,
  bodyFields,
  differingRows,
  flattenFields,
  injectedFields,
} from '../../../../../renderer/views/run/compare/matrix-model.ts';

const fields = (value: Json) => [...(flattenFields(value) ?? [])];

describe('flattenFields', () => {
  it('names object fields by key and lists of objects by index', () => {
    expect(
      fields({ a: 1, b: { c: 'x', 'd.e': null }, f: [{ g: true }], h: ['user', 'admin'], i: {}, j: [] }),
    ).toEqual([
      ['a', '1'],
      ['b.c', '"x"'],
      ['b["d.e"]', 'null'],
      ['f[0].g', 'true'],
      ['h', '["user", "admin"]'],
      ['i', '{}'],
      ['j', '[]'],
    ]);
  });

  it('treats a non-object as one field and limits count and depth', () => {
    expect(fields('x')).toEqual([['', '"x"']]);
    expect(
      flattenFields(Object.fromEntries(Array.from({ length: 9_000 }, (_, at) => [`k${at}`, at])))?.size,
    ).toBe(2_000);
    let deep: Json = 1;
    for (let level = 0; level < 50; level += 1) deep = { in: deep };
    expect(fields(deep)).toHaveLength(1);
  });

  it('treats text as a body of one field', () => {
    expect([...(bodyFields({ text: '<html>', bytes: 6, truncated: false }) ?? [])]).toEqual([['', '<html>']]);
    expect(bodyFields({ bytes: 0, truncated: false })?.size).toBe(0);
  });
});

describe('alignColumns', () => {
  it('marks what differs from the first column, absent fields too', () => {
    const { rows } = alignColumns([
      flattenFields({ a: 1, b: 2, c: 3 }),
      flattenFields({ a: 1, b: 9, d: 4 }),
      flattenFields({ a: 1, b: 2, c: 3 }),
    ]);
    expect(rows).toEqual([
      { path: 'a', values: ['1', '1', '1'], differs: [false, false, false] },
      { path: 'b', values: ['2', '9', '2'], differs: [false, true, false] },
      { path: 'd', values: [null, '4', null], differs: [false, true, false] },
      { path: 'c', values: ['3', null, '3'], differs: [false, true, false] },
    ]);
    expect(differingRows(rows).map(({ path }) => path)).toEqual(['b', 'd', 'c']);
  });

  it('marks what a different kind of answer has, not everything it lacks', () => {
    const { rows } = alignColumns([
      flattenFields({ a: 1 }),
      flattenFields({ detail: 'no', status_code: 401 }),
    ]);
    expect(rows).toEqual([
      { path: 'a', values: ['1', null], differs: [false, false] },
      { path: 'detail', values: [null, '"no"'], differs: [false, true] },
      { path: 'status_code', values: [null, '401'], differs: [false, true] },
    ]);
  });

  it('marks nothing where one of the two is unknown', () => {
    expect(alignColumns([null, flattenFields({ a: 1 })]).rows).toEqual([
      { path: 'a', values: [null, '1'], differs: [false, false] },
    ]);
    expect(alignColumns([flattenFields({ a: 1 }), null]).rows[0]?.differs).toEqual([false, false]);
    expect(alignColumns([])).toEqual({ rows: [], hidden: 0 });
  });

  it('shows a few hundred rows and counts the rest', () => {
    const many = flattenFields(Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`k${at}`, at])));
    const { rows, hidden } = alignColumns([many]);
    expect([rows.length, hidden]).toEqual([400, 100]);
  });
});

describe('injectedFields', () => {
  it('picks the runtime’s keys from what the plugin received', () => {
    const received = { note: 'x', user_id: 'u', _context: { roles: ['user'], username: null } };
    expect([...(injectedFields(received) ?? [])]).toEqual([
      ['user_id', '"u"'],
      ['_context.roles', '["user"]'],
      ['_context.username', 'null'],
    ]);
    expect(injectedFields(null)).toBeNull();
  });
});
