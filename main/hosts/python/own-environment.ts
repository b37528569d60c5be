import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Virtual environments of the workbench's own, in the user's folder, one for each interpreter: another one, or another
 * version of it, could not use what is installed there.
 */

/** As it was found: its absolute path, and its version such as 3.11.2. */
export interface BaseInterpreter {
  readonly command: string;
  readonly version: string;
}

/** Where all of them are, in the user's folder. */
export function ownEnvironmentsFolder(configPath: string): string {
  return join(configPath, 'python');
}

/** Where that of this interpreter is, or would be. */
export function ownEnvironmentOf(folder: string, { command, version }: BaseInterpreter): string {
  const minor = version.split('.').slice(0, 2).join('.');
  return join(folder, `${minor}-${createHash('sha256').update(command).digest('hex').slice(0, 8)}`);
}

/** The interpreter of a virtual environment; null where there is none. */
export async function findPythonIn(environment: string): Promise<string | null> {
  for (const place of ['bin/python3', 'bin/python', 'Scripts/python.exe']) {
    const path = join(environment, place);
    // Through the link: an interpreter that was removed left one.
    if ((await stat(path).catch(() => null)) !== null) return path;
  }
  return null;
}
