import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { expect, it, onTestFinished } from 'vitest';
import { ConfigError, loadConfig } from '../../main/config/config.ts';
import { loadSecret } from '../../main/config/local-secret.ts';

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'secret-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const sources = (folder: string) => ({ env: {}, argv: [], cwd: folder, configPath: join(folder, 'user') });

it('is made once, stored for the user alone, and shown masked', async () => {
  const folder = await makeFolder();
  const first = await loadConfig(sources(folder));
  const path = join(folder, 'user', 'jwt-secret');
  const kept = (await readFile(path, 'utf8')).trim();
  expect(first.auth).toMatchObject({ mode: 'local', secret: kept });
  expect(Buffer.byteLength(kept)).toBeGreaterThanOrEqual(32);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder, 'user'))).mode & 0o777).toBe(0o700);
  expect(await readdir(join(folder, 'user'))).toEqual(['jwt-secret']);
  expect(first.secrets).toEqual([kept]);
  const setting = first.settings.find(({ name }) => name === 'JWT_SECRET');
  expect(setting).toMatchObject({ source: 'generated', origin: path, secret: true });
  expect(JSON.stringify(first.settings)).not.toContain(kept);
  expect((await loadConfig(sources(folder))).auth).toEqual(first.auth);
});

it('is neither made nor read when JWT_SECRET is set or the mode is external', async () => {
  const folder = await makeFolder();
  await loadConfig({ ...sources(folder), env: { JWT_SECRET: 'a-secret-of-more-than-thirty-two-bytes!' } });
  const env = {
    MOZAIKS_AUTH_MODE: 'external',
    MOZAIKS_JWKS_URL: 'http://127.0.0.1:9/',
    MOZAIKS_ISSUER: 'i',
    MOZAIKS_AUDIENCE: 'a',
  };
  await loadConfig({ ...sources(folder), env });
  expect(await readdir(folder)).toEqual([]);
});

it('calls that race share one', async () => {
  const folder = await makeFolder();
  const kept = await Promise.all(Array.from({ length: 20 }, () => loadSecret(folder)));
  expect(new Set(kept.map(({ secret }) => secret)).size).toBe(1);
  expect(await readdir(folder)).toEqual(['jwt-secret']);
});

it('processes that race share one', async () => {
  const folder = await makeFolder();
  const script = join(folder, 'make.mjs');
  const entry = resolve(import.meta.dirname, '../../main/config/local-secret.ts');
  await build({
    entryPoints: [entry],
    bundle: true,
    outfile: join(folder, 'secret.mjs'),
    platform: 'node',
    format: 'esm',
  });
  await writeFile(
    script,
    `import { loadSecret } from './secret.mjs';\nconsole.log((await loadSecret(process.argv[2])).secret);`,
  );
  const run = () => promisify(execFile)(process.execPath, [script, join(folder, 'user')]);
  const outputs = await Promise.all([run(), run(), run(), run()]);
  expect(new Set(outputs.map(({ stdout }) => stdout.trim())).size).toBe(1);
});

it('a file that others could read becomes private, with a notice', async () => {
  const folder = await makeFolder();
  await loadSecret(folder);
  await chmod(join(folder, 'jwt-secret'), 0o644);
  expect((await loadSecret(folder)).notice).toContain('644');
  expect((await stat(join(folder, 'jwt-secret'))).mode & 0o777).toBe(0o600);
});

it('a damaged file stops the start and names the remedy', async () => {
  const folder = await makeFolder();
  await mkdir(join(folder, 'user'));
  await writeFile(join(folder, 'user', 'jwt-secret'), 'short', { mode: 0o600 });
  const failure = await loadConfig(sources(folder)).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ConfigError);
  expect(String(failure)).toContain('delete that file or set JWT_SECRET');
});

it('a folder that can’t be made gives a secret for this run, and says so', async () => {
  const folder = await makeFolder();
  await writeFile(join(folder, 'user'), 'a file where the folder should be');
  const config = await loadConfig(sources(folder));
  expect(config.auth).toMatchObject({ secret: expect.stringMatching(/^.{64}$/) });
  expect(config.notices.join()).toContain('end with this run');
});
