import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from './folders.ts';
import { findPureTests } from './pure-tests.ts';

const FILES = {
  'alone.test.ts': "import { readFile } from 'node:fs/promises';",
  'types-only.test.ts':
    "import type { Socket } from 'node:net';\nimport { type Server } from 'node:http';\nexport type { Socket };",
  'far.test.tsx': "import { one } from './support/one.ts';",
  'support/one.ts': "export { two } from './two.ts';",
  'support/two.ts': "import { spawn } from 'node:child_process';",
  'round.test.ts': "import './support/round.ts';",
  'support/round.ts': "import '../round.test.ts';",
  'later.test.ts': "it('x', async () => { await import('node:worker_threads'); });",
  'required.test.ts': "import { createRequire } from 'node:module';",
  'effect.test.ts': "import 'esbuild';",
  'windows/window.test.ts': 'export {};',
};

it('takes for pure what reaches no socket, process or thread by any import', async () => {
  const { path: folder, remove } = await temporaryFolder('pure');
  onTestFinished(remove);
  for (const [name, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const pure = () => findPureTests(folder, ['windows']).map((path) => relative(folder, path));
  expect(pure()).toEqual(['alone.test.ts', 'round.test.ts', 'types-only.test.ts']);
  await rm(join(folder, 'support/two.ts'));
  expect(pure()).toContain('far.test.tsx');
});

it('is pure itself, so it has no network', () => {
  expect(findPureTests(import.meta.dirname)).toContain(import.meta.filename);
  expect(() => fetch('http://127.0.0.1:1')).toThrow('a pure test must not open a socket');
});
