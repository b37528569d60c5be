import { describe, expect, it } from 'vitest';
import { countdown, editableBody } from '../../../../../renderer/views/run/result/run-model.ts';

describe('editableBody', () => {
  it('formats JSON, returns text as is, and nothing for a truncated body', () => {
    expect(editableBody({ json: { a: 1 }, bytes: 7, truncated: false })).toBe('{\n  "a": 1\n}');
    expect(editableBody({ text: '{oops', bytes: 5, truncated: false })).toBe('{oops');
    expect(editableBody({ text: '{"a":', bytes: 999_999, truncated: true })).toBeNull();
    expect(editableBody(null)).toBe('');
  });

  it('keeps a body that is the JSON null', () => {
    expect(editableBody({ json: null, bytes: 4, truncated: false })).toBe('null');
  });
});

describe('countdown', () => {
  it('runs from the start to the timeout and stops there', () => {
    expect(countdown(1000, 1000, 2000)).toEqual({ fraction: 0, elapsedMs: 0, leftMs: 2000, over: false });
    expect(countdown(1000, 2000, 2000)).toMatchObject({ fraction: 0.5, leftMs: 1000, over: false });
    expect(countdown(1000, 9000, 2000)).toMatchObject({ fraction: 1, leftMs: 0, over: true });
  });

  it('treats a clock that went backwards as the start', () => {
    expect(countdown(1000, 900, 2000)).toMatchObject({ fraction: 0, elapsedMs: 0 });
  });
});
