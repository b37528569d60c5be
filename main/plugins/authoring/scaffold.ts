import { randomBytes } from 'node:crypto';
import { lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkbenchError } from '../../contract/errors.ts';
import { pluginNameProblem } from '../../contract/plugin-name.ts';
import type { Language } from '../../contract/plugin-view.ts';
import { scaffoldFiles } from './scaffold-templates.ts';

export interface NewPlugin {
  readonly name: string;
  readonly language: Language;
}

/** A plugin as it was made. */
export interface Scaffolded {
  /** Absolute. */
  readonly folder: string;
  /** Paths in the folder, the entry first. */
  readonly files: readonly string[];
}

/**
 * Makes `<plugins>/<name>` with a plugin that runs at once, and the plugins' folder itself where it isn't
 * there. The folder appears whole: it is written beside, under a name that the watcher skips, and renamed.
 * What exists is never touched.
 *
 * @throws {WorkbenchError} BAD_REQUEST for a name outside of CONTRACT.md §4, CONFLICT when something of that name is there,
 *   INTERNAL_ERROR with the system's reason when it can't be written
 */
export async function createPlugin(plugins: string, { name, language }: NewPlugin): Promise<Scaffolded> {
  const problem = pluginNameProblem(name);
  if (problem !== null) throw new WorkbenchError('BAD_REQUEST', problem);
  const folder = join(plugins, name);
  const files = scaffoldFiles(name, language);
  try {
    await mkdir(plugins, { recursive: true });
    if (await exists(folder)) throw taken(folder);
    await writeWhole(folder, join(plugins, `.new-${name}-${randomBytes(4).toString('hex')}`), files);
  } catch (error) {
    throw error instanceof WorkbenchError ? error : refusal(folder, error);
  }
  return { folder, files: Object.keys(files) };
}

/** Also true for a link to nothing, which a rename would replace. */
async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function writeWhole(
  folder: string,
  beside: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  await mkdir(beside);
  try {
    for (const [path, text] of Object.entries(files)) await writeFile(join(beside, path), text);
    await rename(beside, folder);
  } catch (error) {
    await rm(beside, { recursive: true, force: true });
    const { code } = error as NodeJS.ErrnoException;
    // Somebody was faster between the look and the rename.
    throw code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR' ? taken(folder) : error;
  }
}

function taken(folder: string): WorkbenchError {
  return new WorkbenchError(
    'CONFLICT',
    `${folder} is there already and was left as it is: take another name`,
  );
}

function refusal(folder: string, error: unknown): WorkbenchError {
  const reason = error instanceof Error ? error.message : String(error);
  return new WorkbenchError('INTERNAL_ERROR', `${folder} could not be made: ${reason}`, { cause: error });
}
