import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { getEditorFromMacProcesses, getEditorFromWindowsProcesses } from 'launch-editor/guess.js';
import type { EditorSettings } from '../config/types.ts';
import { WorkbenchError } from '../contract/errors.ts';
import { needsTerminal, runningEditor, splitCommand, WINDOWED_COMMANDS } from './known.ts';

/** Where else to look when no setting decides; a value, so that a test needs no editor of this machine. */
export interface Surroundings {
  /** The command of an editor that is running now, or null. */
  running(): Promise<string | null>;
  isOnPath(command: string): Promise<boolean>;
}

const EXAMPLE =
  'set MOZAIKS_EDITOR to an editor with a window, such as code or idea, and start the workbench again';

/**
 * The command line of the editor to use: the chosen one; else one that is running, as that is where its user
 * works; else the usual one; else any on the PATH.
 *
 * @throws {WorkbenchError} CONFLICT with the remedy when there is none, or the chosen one needs a terminal
 */
export async function findEditor(
  { chosen, usual }: EditorSettings,
  { running, isOnPath }: Surroundings,
): Promise<readonly string[]> {
  if (chosen !== null) {
    const words = splitCommand(chosen.command);
    if (needsTerminal(words)) throw noTerminal(chosen.variable, chosen.command);
    return words;
  }
  const found = await running();
  if (found !== null) return [found];
  const words = usual === null ? [] : splitCommand(usual.command);
  if (words.length > 0 && !needsTerminal(words)) return words;
  for (const command of WINDOWED_COMMANDS) if (await isOnPath(command)) return [command];
  if (usual !== null) throw noTerminal(usual.variable, usual.command);
  throw new WorkbenchError('CONFLICT', `No editor is known: ${EXAMPLE}`);
}

function noTerminal(variable: string, command: string): WorkbenchError {
  return new WorkbenchError(
    'CONFLICT',
    `${variable} is ${command}, which needs a terminal, and the workbench has none: ${EXAMPLE}`,
  );
}

/** This machine: its processes and its PATH. */
export function thisMachine(searchPath: string | undefined): Surroundings {
  return {
    running: async () => editorIn(await processes()),
    async isOnPath(command) {
      const folders = (searchPath ?? '').split(delimiter).filter(isAbsolute);
      const names = process.platform === 'win32' ? [`${command}.cmd`, `${command}.exe`] : [command];
      const paths = folders.flatMap((folder) => names.map((name) => join(folder, name)));
      const found = await Promise.all(paths.map(isExecutable));
      return found.includes(true);
    },
  };
}

const LIST: Readonly<Record<string, readonly [string, ...string[]]>> = {
  linux: ['ps', 'x', '--no-heading', '-o', 'comm'],
  darwin: ['ps', 'x', '-o', 'comm='],
  win32: [
    'powershell',
    '-NoProfile',
    '-Command',
    '[Console]::OutputEncoding=[Text.Encoding]::UTF8;Get-CimInstance -Query "select executablepath from win32_process where executablepath is not null" | % { $_.ExecutablePath }',
  ],
};
const LIST_MS = 3_000;

/** The names or paths of the user's processes, one a line; nothing where they can't be listed. */
function processes(): Promise<string> {
  const [command, ...args] = LIST[process.platform] ?? ['true'];
  return new Promise((resolve) => {
    execFile(command, args, { timeout: LIST_MS, windowsHide: true }, (error, stdout) =>
      resolve(error === null ? stdout : ''),
    );
  });
}

function editorIn(output: string): string | null {
  if (process.platform === 'darwin') return getEditorFromMacProcesses(output) ?? null;
  if (process.platform === 'win32') return getEditorFromWindowsProcesses(output) ?? null;
  return runningEditor(output.split('\n').map((line) => line.trim()));
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
