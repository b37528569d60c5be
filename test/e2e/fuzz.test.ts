import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { projectRoot } from '../support/folders.ts';

/** A few thousand of the malformed requests that `npm run fuzz` sends, the same ones each time. */

it('answers malformed requests with the version header, and loses neither memory nor descriptors', async () => {
  const script = join(projectRoot, 'test/fuzz/fuzz.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [
    script,
    '--requests',
    '5000',
    '--seed',
    '1',
  ]);
  expect(stdout).toContain('0 without the version header');
  expect(stdout).not.toContain('FAILED');
});
