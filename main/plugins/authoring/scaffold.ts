import { randomBytes } from 'node:crypto';
import { lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkbenchError } from '../../contract/errors.ts';
import { pluginNameProblem } from '../../contract/plugin-name.ts';
import type { Language } from '../../contract/plugin-view.ts';
import { errorMessage, hasErrorCode } from '../../system/errors.ts';
import { scaffoldFiles } from './scaffold-templates.ts';

export interface NewPlugin {
  readonly name: string;
  readonly language: Language;
}

/** A plugin that was created. */
export interface CreatedPlugin {
  /** Absolute. */
  readonly folder: string;
  /** Paths in the folder, the entry first. */
  readonly files: readonly string[];
}

/**
 * Creates `<plugins>/<name>` with a plugin that runs immediately, and the plugins' folder itself if it is
 * missing. The folder appears whole: it is written beside its place, under a name that the watcher ignores,
 * and renamed. What exists is never touched.
 *
 * @throws {WorkbenchError} BAD_REQUEST for a name that CONTRACT.md §4 doesn't allow, CONFLICT when something
 *   of that name exists, INTERNAL_ERROR with the system's reason when it can't be written
 */
export async function createPlugin(plugins: string, { name, language }: NewPlugin): Promise<CreatedPlugin> {
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

/** Also true for a dangling link, which a rename would replace. */
async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return false;
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
    // Another program created it between the check and the rename.
    throw hasErrorCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR') ? taken(folder) : error;
  }
}

function taken(folder: string): WorkbenchError {
  return new WorkbenchError(
    'CONFLICT',
    `${folder} already exists and was left as it is: choose another name`,
  );
}

function refusal(folder: string, error: unknown): WorkbenchError {
  return new WorkbenchError('INTERNAL_ERROR', `Could not create ${folder}: ${errorMessage(error)}`, {
    cause: error,
  });
}
