import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { projectRoot } from '../support/folders.ts';

/** A file as vitest reports it: what each part of it took, in ms. */
const module = (number: number) => ({
  moduleId: join(projectRoot, `test/file-${number}.test.ts`),
  diagnostic: () => ({
    environmentSetupDuration: 0,
    prepareDuration: 100,
    setupDuration: 200,
    collectDuration: 700,
    duration: number * 1_000,
  }),
});

async function report(files: number): Promise<readonly string[]> {
  const path = join(import.meta.dirname, 'slowest-files.mjs');
  const { default: SlowestFiles } = (await import(path)) as {
    default: new () => { onTestRunEnd(modules: readonly object[]): void };
  };
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    new SlowestFiles().onTestRunEnd(Array.from({ length: files }, (_, number) => module(number)));
    return log.mock.calls.map(([line]) => String(line));
  } finally {
    log.mockRestore();
  }
}

it('names the ten slowest files at the end of a run, the slowest first', async () => {
  const lines = await report(12);
  expect(lines[0]).toContain('The slowest 10 of 12 files');
  expect(lines.slice(1, 3)).toEqual(['   12.0 s  test/file-11.test.ts', '   11.0 s  test/file-10.test.ts']);
  expect(lines[10]).toBe('    3.0 s  test/file-2.test.ts');
});

it('says nothing of a run of a few files', async () => {
  expect(await report(10)).toEqual([]);
});
