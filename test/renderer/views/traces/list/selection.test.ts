import { describe, expect, it } from 'vitest';
import { neighbour } from '../../../../../renderer/views/traces/list/selection.ts';

describe('neighbour', () => {
  it.each([
    [1, 1, 2],
    [1, -1, 0],
    [2, 1, 2],
    [0, -1, 0],
    [1, 1e9, 2],
    [-1, 1, 0],
    [-1, 15, 0],
  ])('from place %d by %d is %d', (from, step, expected) => {
    expect(neighbour(from, step, 3)).toBe(expected);
  });

  it('is nothing in an empty list', () => {
    expect(neighbour(-1, 1, 0)).toBeNull();
  });
});
