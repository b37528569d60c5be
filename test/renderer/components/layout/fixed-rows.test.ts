import { expect, it } from 'vitest';
import { rowsInView, widenRange } from '../../../../renderer/components/layout/fixed-rows.ts';

it.each([
  ['at the top', 0, 320, { first: 0, end: 10 }],
  ['a part of a row counts as the row', 40, 300, { first: 1, end: 11 }],
  ['far down', 3_199_680, 320, { first: 99_990, end: 100_000 }],
  ['a list without height', 0, 0, { first: 0, end: 0 }],
])('knows the rows in view: %s', (_title, scrollTop, clientHeight, expected) => {
  expect(rowsInView({ scrollTop, clientHeight }, 32)).toEqual(expected);
});

it.each([
  ['at the top', { first: 0, end: 10 }, 100, { first: 0, end: 18 }],
  ['in the middle', { first: 40, end: 50 }, 100, { first: 32, end: 58 }],
  ['at the end', { first: 90, end: 100 }, 100, { first: 82, end: 100 }],
  ['a short list', { first: 0, end: 40 }, 3, { first: 0, end: 3 }],
  ['an empty one', { first: 0, end: 40 }, 0, { first: 0, end: 0 }],
  ['one that has shrunk since', { first: 90, end: 100 }, 20, { first: 20, end: 20 }],
])('adds rows beyond, within the list: %s', (_title, view, count, expected) => {
  expect(widenRange(view, 8, count)).toEqual(expected);
});
