import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { EDITION, REQUIREMENTS } from '../../../main/conformance/clauses/clauses.ts';

/** SHA-256 of the requirements as JSON. Whoever changes a word of them raises EDITION, and gives both here. */
const FROZEN = { edition: 1, digest: '9d36c3af1ab5eaf81e1aaac7ffaee1ca6e79b88d32e62f80a86c1c52e54283cb' };

it('are the words of their edition', () => {
  const digest = createHash('sha256').update(JSON.stringify(REQUIREMENTS)).digest('hex');
  expect({ edition: EDITION, digest }).toEqual(FROZEN);
});

it('can’t be changed while the program runs', () => {
  expect(Object.isFrozen(REQUIREMENTS)).toBe(true);
  expect(REQUIREMENTS.filter((requirement) => !Object.isFrozen(requirement))).toEqual([]);
});

it('have an id of their own, and words for everything', () => {
  expect(new Set(REQUIREMENTS.map(({ id }) => id)).size).toBe(REQUIREMENTS.length);
  for (const { id, ...words } of REQUIREMENTS) {
    expect(id).toMatch(/^[a-z]+\.[a-z-]+$/);
    expect(Object.values(words).filter((word) => word.trim() === '')).toEqual([]);
    expect(words.place).toMatch(/^contract §/);
  }
});
