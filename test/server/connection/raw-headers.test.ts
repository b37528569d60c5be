import { expect, it } from 'vitest';
import { rawHeaderValues } from '../../../main/server/connection/raw-headers.ts';

it('gives every value of a header in order, in any case, and of no other', () => {
  const raw = ['Host', 'a', 'HOST', 'b', 'Xost', 'c', 'Hosts', 'd', 'e', 'host', 'host', ''];
  expect(rawHeaderValues(raw, 'hoSt')).toEqual(['a', 'b', '']);
  expect(rawHeaderValues(raw, 'e')).toEqual(['host']);
  expect(rawHeaderValues([], 'host')).toEqual([]);
});

it('takes no name without a value for a header', () => {
  expect(rawHeaderValues(['Host', 'a', 'Host'], 'host')).toEqual(['a']);
});
