import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { CLAUSES, EDITION } from '../../../main/conformance/clauses/clauses.ts';

/**
 * SHA-256 of the requirements as JSON. A change of a word in them raises EDITION, and both are given here.
 */
const FROZEN = { edition: 4, digest: '235d5bc09958a8d90c6731f20c84497cdb1e0f87d16ee6bb5cb164cc8e51cdec' };

it('are the words of their edition', () => {
  const digest = createHash('sha256').update(JSON.stringify(CLAUSES)).digest('hex');
  expect({ edition: EDITION, digest }).toEqual(FROZEN);
});

it('can’t be changed while the program runs', () => {
  expect(Object.isFrozen(CLAUSES)).toBe(true);
  expect(CLAUSES.filter((requirement) => !Object.isFrozen(requirement))).toEqual([]);
});

it('have an id of their own, and words for everything', () => {
  expect(new Set(CLAUSES.map(({ id }) => id)).size).toBe(CLAUSES.length);
  for (const { id, ...words } of CLAUSES) {
    expect(id).toMatch(/^[a-z]+\.[a-z-]+$/);
    expect(Object.values(words).filter((word) => word.trim() === '')).toEqual([]);
    expect(words.place).toMatch(/^contract §/);
  }
});
