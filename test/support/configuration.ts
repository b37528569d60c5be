import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ConfigError, loadConfig } from '../../main/config/config.ts';
import type { Config } from '../../main/config/types.ts';

export interface Given {
  readonly env?: Record<string, string>;
  readonly argv?: readonly string[];
  /** Path below the working directory → content. */
  readonly files?: Record<string, string>;
}

async function makeFolder(files: Record<string, string> = {}): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'config-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

/** A configuration loaded in a folder of its own, removed with the test. */
export async function load({
  env = {},
  argv = [],
  files = {},
}: Given = {}): Promise<Config & { cwd: string }> {
  const cwd = await makeFolder(files);
  return { ...(await loadConfig({ env, argv, cwd, configPath: join(cwd, 'user') })), cwd };
}

/** What a configuration that must be refused says. */
export async function problemsOf(given: Given) {
  const error = await load(given).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ConfigError)) throw new Error(`expected a ConfigError, got ${String(error)}`);
  return { names: error.problems.map(({ name }) => name), message: error.message, problems: error.problems };
}

export const settingOf = (config: Config, name: string) =>
  config.settings.find((setting) => setting.name === name);

/** The least that external mode needs. */
export const EXTERNAL = {
  MOZAIKS_AUTH_MODE: 'external',
  MOZAIKS_JWKS_URL: 'http://127.0.0.1:9/jwks',
  MOZAIKS_ISSUER: 'http://127.0.0.1:9',
  MOZAIKS_AUDIENCE: 'workbench',
};
