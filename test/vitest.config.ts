import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { findPureTests } from './support/pure-tests.ts';

const root = resolve(import.meta.dirname, '..');
const pure = findPureTests(resolve(root, 'test'), ['e2e', 'fixtures']);

/**
 * Tests wait more than they compute, so there are more workers than cores; the runner says how many
 * (runner/run-tests.mjs).
 */
const maxWorkers = Number(process.env.WORKBENCH_TEST_WORKERS ?? 2);
/** What the end-to-end tests alone are given (runner/environment.mjs). */
const endToEnd: Record<string, string> = JSON.parse(process.env.WORKBENCH_TEST_E2E ?? '{}');
/**
 * On a display that they share, windows take the focus from one another: then one at a time, after everything
 * else.
 */
const displays = endToEnd.WORKBENCH_DISPLAYS?.split(' ').length ?? 1;
const sideBySide = displays >= maxWorkers ? { maxWorkers } : { maxWorkers: 1, sequence: { groupOrder: 1 } };

/** As long as a `vi.waitFor` waits (support/patience.ts). */
const expect = { poll: { timeout: 30_000 } };

/**
 * Three projects: `pure` (no socket, no process), `unit` (over real sockets, files and processes) and `e2e`
 * (the built product in real windows). A worker runs many files without starting over: a module keeps no
 * state that a test could trip over, and to load the runtime again for each file takes a third of the whole
 * time.
 */
export default defineConfig({
  root,
  test: {
    // What did not change since the last run is not compiled again.
    experimental: { fsModuleCache: true },
    projects: [
      {
        root,
        test: {
          name: 'pure',
          include: pure,
          isolate: false,
          setupFiles: ['test/support/patience.setup.ts', 'test/support/pure.setup.ts'],
          expect,
          testTimeout: 60_000,
          maxWorkers,
        },
      },
      {
        root,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: ['test/e2e/**', 'test/fixtures/**', ...pure],
          isolate: false,
          globalSetup: ['test/support/host-script.setup.ts'],
          setupFiles: ['test/support/patience.setup.ts', 'test/support/test-endings.setup.ts'],
          expect,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers,
        },
      },
      {
        root,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          isolate: false,
          globalSetup: ['test/support/chromium.setup.ts'],
          setupFiles: ['test/support/patience.setup.ts', 'test/support/own-display.setup.ts'],
          expect,
          env: endToEnd,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          ...sideBySide,
        },
      },
    ],
  },
});
