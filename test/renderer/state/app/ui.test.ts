import { expect, test } from 'vitest';
import { readChoices } from '../../../../renderer/state/app/ui.ts';

const DEFAULTS = { runPlugin: null, persona: 'user', runBodies: {}, splits: {}, tabs: {} };

test.each([undefined, null, 'text', 7, []])('%j in the storage gives the defaults', (stored) => {
  expect(readChoices(stored)).toMatchObject(DEFAULTS);
});

test('what makes sense is kept, the rest falls back part by part', () => {
  const stored = {
    runPlugin: 'echo',
    persona: 'emperor',
    runBodies: { echo: '{}', slow: 7 },
    splits: { traces: 0.4, wide: 3, none: null },
    tabs: 'open',
  };
  const { runPlugin, persona, runBodies, splits, tabs } = readChoices(stored);
  expect({ runPlugin, persona, runBodies, splits, tabs }).toEqual({
    ...DEFAULTS,
    runPlugin: 'echo',
    runBodies: { echo: '{}' },
    splits: { traces: 0.4 },
  });
});
