import { describe, expect, it } from 'vitest';
import { neighbourIndex } from '../../../../renderer/state/traces/trace-selection.ts';

describe('neighbourIndex', () => {
  it.each([
    [1, 1, 2],
    [1, -1, 0],
    [2, 1, 2],
    [0, -1, 0],
    [1, 1e9, 2],
    [-1, 1, 0],
    [-1, 15, 0],
  ])('from place %d by %d is %d', (from, step, expected) => {
    expect(neighbourIndex(from, step, 3)).toBe(expected);
  });

  it('is null in an empty list', () => {
    expect(neighbourIndex(-1, 1, 0)).toBeNull();
  });
});
