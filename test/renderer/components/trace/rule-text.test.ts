import { expect, it } from 'vitest';
import { describeCount, mutableCollection } from '../../../../renderer/components/trace/rule-text.ts';

it('sums up the findings of a plugin by rule and collection', () => {
  const count = { calls: 3, latestTrace: '00f067aa0ba902b7' };
  expect(describeCount({ ...count, rule: 'not-scoped', collection: 'tasks' })).toBe(
    '3 calls not scoped on tasks',
  );
  expect(describeCount({ ...count, rule: 'blocking', collection: null, calls: 1 })).toBe(
    '1 call blocked the event loop',
  );
});

it('offers to mute a collection only where muting changes anything', () => {
  expect(mutableCollection({ rule: 'not-scoped', collection: 'tasks' })).toBe('tasks');
  expect(mutableCollection({ rule: 'repeated-query', collection: 'tasks' })).toBeNull();
  expect(mutableCollection({ rule: 'not-scoped', collection: null })).toBeNull();
});
