import { describe, expect, it } from 'vitest';
import { formatTraceparent, newTraceIds, spanIdOf } from '../../../main/traces/record/trace-context.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';

describe('traceparent', () => {
  it('takes over a valid trace id and makes its own parent id', () => {
    const ids = newTraceIds(`00-${TRACE}-${PARENT}-00`);
    expect(ids.traceId).toBe(TRACE);
    expect(ids.id).toMatch(/^[0-9a-f]{16}$/);
    expect(ids.id).not.toBe(PARENT);
    expect(formatTraceparent(ids)).toBe(`00-${TRACE}-${ids.id}-01`);
  });

  it.each([
    ['ends with zeros', TRACE.replace(/..$/, '00'), PARENT.replace(/..$/, '00')],
    ['is zeros but for one digit', `${'0'.repeat(31)}1`, `${'0'.repeat(15)}1`],
  ])('takes over an id that %s', (_what, traceId, parentId) => {
    const header = `00-${traceId}-${parentId}-01`;
    expect([newTraceIds(header).traceId, spanIdOf(header)]).toEqual([traceId, parentId]);
  });

  it('makes every id anew, and whole', () => {
    const ids = Array.from({ length: 2_000 }, () => newTraceIds(undefined));
    const all = ids.flatMap(({ traceId, id }) => [traceId, id]);
    expect(new Set(all).size).toBe(4_000);
    expect(all.filter((id, at) => !/^[0-9a-f]+$/.test(id) || id.length !== (at % 2 === 0 ? 32 : 16))).toEqual(
      [],
    );
  });

  it('reads the span id back from a header, and none from an invalid one', () => {
    const ids = newTraceIds(undefined);
    expect(spanIdOf(formatTraceparent(ids))).toBe(ids.id);
    expect(spanIdOf(undefined)).toBeNull();
    expect(spanIdOf(`00-${TRACE}`)).toBeNull();
  });

  it.each([
    ['nothing', undefined],
    ['an empty header', ''],
    ['upper case', `00-${TRACE.toUpperCase()}-${PARENT}-01`],
    ['another version', `01-${TRACE}-${PARENT}-01`],
    ['version ff', `ff-${TRACE}-${PARENT}-01`],
    ['a zero trace id', `00-${'0'.repeat(32)}-${PARENT}-01`],
    ['a zero parent id', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['a short id', `00-${TRACE.slice(1)}-${PARENT}-01`],
    ['two headers joined', `00-${TRACE}-${PARENT}-01, 00-${TRACE}-${PARENT}-01`],
    ['a tail', `00-${TRACE}-${PARENT}-01-more`],
  ])('ignores %s', (_title, header) => {
    const { traceId } = newTraceIds(header);
    expect(traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(traceId).not.toBe(TRACE);
  });
});
