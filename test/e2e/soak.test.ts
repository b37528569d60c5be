import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { projectRoot } from '../support/folders.ts';

/** Half a minute of `npm run soak`, at a pace that leaves the machine to the other tests. */

it.runIf(process.platform === 'linux')(
  'R7: everything at once loses nothing, leaves nothing over, and gives no wrong answer',
  { timeout: 240_000 },
  async () => {
    const script = join(projectRoot, 'test/soak/soak.mjs');
    const args = [script, '--minutes', '0.5', '--per-second', '2'];
    // What it found wrong is in what it printed.
    const { stdout } = await promisify(execFile)(process.execPath, args).catch((error) => error);
    expect(stdout).toContain('answers past the gate');
    expect(stdout).not.toContain('FAILED');
  },
);
