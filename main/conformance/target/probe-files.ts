import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProbeLanguage } from '../../contract/conformance.ts';
import { WorkbenchError } from '../../contract/errors.ts';
import { errorMessage, hasErrorCode } from '../../system/errors.ts';
import { PROBE } from './probe.ts';
import javascript from './probe-plugin/javascript/logic.js?raw';
import manifest from './probe-plugin/manifest.json?raw';
import python from './probe-plugin/python/logic.py?raw';

/** The probe plugin's code: one file is the whole plugin. */
export const PROBE_LOGIC: Readonly<Record<ProbeLanguage, { readonly name: string; readonly text: string }>> =
  {
    javascript: { name: 'logic.js', text: javascript },
    python: { name: 'logic.py', text: python },
  };

/** Its files by name: the code, and a manifest that describes it in a list of plugins. */
export function probeFiles(language: ProbeLanguage): Readonly<Record<string, string>> {
  const { name, text } = PROBE_LOGIC[language];
  return { [name]: text, 'manifest.json': manifest };
}

/**
 * Writes the probe plugin's folder into `plugins`, which is created if missing.
 * @returns the folder, absolute where `plugins` is
 * @throws {WorkbenchError} CONFLICT when it already exists, INTERNAL_ERROR with the system's reason when it
 *   can't be written
 */
export async function writeProbe(plugins: string, language: ProbeLanguage): Promise<string> {
  const folder = join(plugins, PROBE);
  try {
    await mkdir(plugins, { recursive: true });
    await mkdir(folder);
    for (const [name, text] of Object.entries(probeFiles(language)))
      await writeFile(join(folder, name), text);
    return folder;
  } catch (error) {
    throw toWriteError(folder, error);
  }
}

function toWriteError(folder: string, cause: unknown): WorkbenchError {
  if (hasErrorCode(cause, 'EEXIST')) {
    return new WorkbenchError('CONFLICT', `${folder} already exists and was left unchanged`, { cause });
  }
  return new WorkbenchError('INTERNAL_ERROR', `Could not create ${folder}: ${errorMessage(cause)}`, {
    cause,
  });
}
