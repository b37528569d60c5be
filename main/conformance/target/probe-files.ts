import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProbeLanguage } from '../../contract/conformance.ts';
import { WorkbenchError } from '../../contract/errors.ts';
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

/** Its files by name: the code, and a manifest that tells a list of plugins what it is for. */
export function probeFiles(language: ProbeLanguage): Readonly<Record<string, string>> {
  const { name, text } = PROBE_LOGIC[language];
  return { [name]: text, 'manifest.json': manifest };
}

/**
 * Writes the probe plugin's folder into `plugins`, which is made where it isn't there.
 * @returns the folder, absolute where `plugins` is
 * @throws {WorkbenchError} CONFLICT when there is one already, INTERNAL_ERROR with the system's reason when it can't be written
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
  if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') {
    return new WorkbenchError('CONFLICT', `${folder} is there already and was left as it is`, { cause });
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new WorkbenchError('INTERNAL_ERROR', `${folder} could not be made: ${reason}`, { cause });
}
