import { afterAll } from 'vitest';

/** Takes what must happen at the end: of the test, or of the whole file where a runtime is shared. */
export type CleanUp = (debt: () => void | Promise<void>) => void;

/**
 * For what `beforeAll` starts: all of it is undone, the last first, after the tests of the file or `describe` that
 * calls this. Vitest ignores an `afterAll` that is registered while a hook runs.
 */
export function cleanUpAfterAll(): CleanUp {
  const debts: (() => void | Promise<void>)[] = [];
  afterAll(async () => {
    for (const debt of debts.reverse()) await debt();
  });
  return (debt) => {
    debts.push(debt);
  };
}
