import { describe, expect, it } from 'vitest';
import { neighbour } from '../../../../renderer/views/traces/selection.ts';

const rows = [{ id: 'c' }, { id: 'b' }, { id: 'a' }];

describe('neighbour', () => {
  it.each([
    ['b', 1, 'a'],
    ['b', -1, 'c'],
    ['a', 1, 'a'],
    ['c', -1, 'c'],
    ['b', 1e9, 'a'],
    [null, 1, 'c'],
    [null, 15, 'c'],
    ['dropped', 1, 'c'],
  ])('from %s by %d is %s', (selected, step, expected) => {
    expect(neighbour(rows, selected, step)).toBe(expected);
  });

  it('is nothing in an empty list', () => {
    expect(neighbour([], null, 1)).toBeNull();
  });
});
