import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The project's own folder. */
export const projectRoot = resolve(import.meta.dirname, '../..');

/** A folder of the caller's own, and its removal. */
export async function temporaryFolder(name: string): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), `${name}-`));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/**
 * A copy of the example plugins to edit and break; of these alone, where a test needs no other, since each
 * has a process to start.
 */
export async function copyExamples(folder: string, names?: readonly string[]): Promise<string> {
  const plugins = join(folder, 'plugins');
  const examples = join(projectRoot, 'plugins');
  for (const name of names ?? (await readdir(examples))) {
    await cp(join(examples, name), join(plugins, name), { recursive: true });
  }
  // As in this repository, whose packages an example uses.
  await symlink(join(projectRoot, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return plugins;
}

/** Adds a plugin of one JavaScript file. */
export async function writePlugin(plugins: string, name: string, source: string): Promise<string> {
  const folder = join(plugins, name);
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'logic.js');
  await writeFile(file, source);
  return file;
}
