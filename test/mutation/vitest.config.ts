import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

const root = resolve(import.meta.dirname, '../..');

/** The tests of one source (targets.mjs), named by the runner. */
const tests: readonly string[] = JSON.parse(process.env.MUTATION_TESTS ?? '[]');

export default defineConfig({
  root,
  test: {
    include: [...tests],
    // A module that stayed loaded would hide the mutants in what it sets up once.
    isolate: true,
    setupFiles: ['test/support/patience.setup.ts', 'test/support/test-endings.setup.ts'],
    // What a mutant breaks may never come: it must not be waited for as long as for a slow machine.
    expect: { poll: { timeout: 5_000 } },
    testTimeout: 10_000,
    hookTimeout: 10_000,
  },
});
