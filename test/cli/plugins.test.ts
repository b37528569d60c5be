import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { pickFreePort } from '../../main/system/ports.ts';
import { temporaryFolder } from '../support/folders.ts';
import { type RuntimeOptions, startRuntime } from '../support/runtime.ts';
import { SECRET } from '../support/server.ts';
import { commandLine } from './command-line.ts';

const GOOD = 'export const execute = () => ({});';

/** A folder with these plugins, in a place where no runtime of this machine is found. */
async function home(plugins: RuntimeOptions['plugins'] = {}) {
  const { path: cwd, remove } = await temporaryFolder('workbench-plugins');
  onTestFinished(remove);
  for (const [name, source] of Object.entries(plugins)) {
    await mkdir(join(cwd, 'plugins', name), { recursive: true });
    await writeFile(join(cwd, 'plugins', name, 'logic.js'), String(source));
  }
  return { cwd, env: { PORT: String(await pickFreePort()), JWT_SECRET: SECRET } };
}

it('lists what a runtime over the folder loads', async () => {
  const options = await home({ zeta: GOOD, alpha: GOOD });
  const { code, out, err } = await commandLine(['plugins'], options);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^alpha {2}\S+ {2}loaded {2}.*\nzeta {3}\S+ {2}loaded {2}.*\n$/);
});

it('says why a folder is no plugin, as in production', async () => {
  const { code, out, err } = await commandLine(['plugins'], await home({ alpha: GOOD, Registry: GOOD }));
  expect(code).toBe(0);
  expect(out).toMatch(/^alpha .*\n$/);
  expect(err).toBe('Registry: ignored, since production skips a folder of this name; rename it\n');
});

it('says of a folder with another name what its plugins are imported as in production', async () => {
  const options = await home({ alpha: GOOD });
  await rename(join(options.cwd, 'plugins'), join(options.cwd, 'addons'));
  const { code, err } = await commandLine(['plugins', '--plugins', 'addons'], options);
  expect({ code, err }).toEqual({
    code: 0,
    err: 'In production: the folder is called plugins: what is in it is imported by that name, and not as addons.\n',
  });
});

it('fails with the reason of a plugin that does not load', async () => {
  const options = await home({ bad: 'export const execute = (', good: GOOD });
  const text = await commandLine(['plugins'], options);
  expect(text.code).toBe(1);
  expect(text.out).toMatch(/^bad +\S+ +failed +\S.*$/m);
  const { out } = await commandLine(['plugins', '--json'], options);
  const { plugins } = JSON.parse(out);
  expect(plugins).toMatchObject([
    { name: 'bad', status: 'failed', error: expect.stringContaining('logic.js') },
    { name: 'good', status: 'loaded' },
  ]);
});

it('waits for a plugin that takes its time to load', async () => {
  const slow = `await new Promise((resolve) => setTimeout(resolve, 4_000));\n${GOOD}`;
  const { code, out } = await commandLine(['plugins'], await home({ slow }));
  expect(code).toBe(0);
  expect(out).toMatch(/^slow +\S+ +loaded/);
});

it('asks a runtime that runs, as the caller that is wanted', async () => {
  const app = await startRuntime({ plugins: { there: GOOD }, env: { MOZAIKS_REQUIRE_TOKEN: 'true' } });
  const options = { ...(await home()), cwd: dirname(app.plugins) };
  const refused = await commandLine(['plugins', '--url', app.baseUrl], options);
  expect(refused).toMatchObject({ code: 1, out: '' });
  expect(refused.err).toContain('does not list its plugins (401: Not authenticated); give --as or --token');
  const { code, out } = await commandLine(['plugins', '--url', app.baseUrl, '--as', 'user'], options);
  expect(code).toBe(0);
  expect(out).toContain('there');
});

it('says that there is none, or no folder, or nobody who answers', async () => {
  const options = await home();
  await mkdir(join(options.cwd, 'plugins'));
  expect(await commandLine(['plugins'], options)).toEqual({ code: 0, out: 'No plugins.\n', err: '' });
  const missing = await commandLine(['plugins', '--plugins', 'nowhere'], options);
  expect(missing).toMatchObject({ code: 3, out: '' });
  expect(missing.err).toContain('nowhere does not exist');
  const nobody = await commandLine(['plugins', '--url', 'http://127.0.0.1:1'], options);
  expect(nobody).toMatchObject({ code: 3, err: 'Nothing answers at http://127.0.0.1:1 (ECONNREFUSED)\n' });
});
