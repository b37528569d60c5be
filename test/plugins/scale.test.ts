import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bench, eventually, makeFolder, save } from './workspace.ts';

const PLUGINS = 300;
const PYTHON = 30;
const LIVE = 4;
/** A spare for each of the two languages. */
const SPARES = 2;
/** Plugins that are tried in the background at once. */
const TRIALS = 2;

const nameOf = (n: number) => `p${String(n).padStart(3, '0')}`;

async function manyPlugins(): Promise<string> {
  const folder = await makeFolder();
  for (let n = 0; n < PLUGINS; n += 1) {
    const [file, source] =
      n < PYTHON
        ? ['logic.py', `async def execute(data):\n    return {"v": ${n}}\n`]
        : [n % 2 === 0 ? 'logic.ts' : 'logic.js', `export const execute = () => ({ v: ${n} });\n`];
    await save(join(folder, nameOf(n), file), source);
  }
  return folder;
}

/** The plugin processes of this test's own process, also the spare ones. */
async function hostProcesses(): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const isHost = await Promise.all(ids.map(isOwnHost));
  return ids.filter((_, n) => isHost[n]);
}

async function isOwnHost(pid: string): Promise<boolean> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    if (Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1]) !== process.pid || /^State:\s+Z/m.test(status))
      return false;
    return /node-host\.cjs|python_host\.py/.test(await readFile(`/proc/${pid}/cmdline`, 'utf8'));
  } catch {
    // It ended while the list was read.
    return false;
  }
}

it.skipIf(process.platform !== 'linux')(
  'starts three hundred plugins, keeps a few processes, and wakes whichever is called',
  async () => {
    const earlier = await hostProcesses();
    const folder = await manyPlugins();
    const b = await bench({}, { path: folder, maxLiveHosts: LIVE });
    // A quiet machine needs two or three seconds, a loaded one ten times as many.
    await expect.poll(() => b.engine.loadedCount(), { timeout: 60_000 }).toBe(PLUGINS);
    const live = () => b.engine.list().filter(({ pid }) => pid !== null).length;
    expect(live()).toBeLessThanOrEqual(LIVE);

    const called = [0, 299, 29, 150, 31, 1, 200, 77];
    for (const n of called) {
      expect(await b.value(nameOf(n))).toEqual({ v: n });
      expect(live()).toBeLessThanOrEqual(LIVE);
    }
    const answers = await Promise.all(called.map((n) => b.value(nameOf(n))));
    expect(answers).toEqual(called.map((n) => ({ v: n })));
    const started = async () => (await hostProcesses()).filter((pid) => !earlier.includes(pid)).length;
    await eventually(started).toBeLessThanOrEqual(LIVE + SPARES + TRIALS);
    expect(b.engine.list().filter(({ status }) => status === 'parked').length).toBeGreaterThanOrEqual(
      PLUGINS - LIVE,
    );
    expect(b.engine.loadedCount()).toBe(PLUGINS);
  },
  120_000,
);
