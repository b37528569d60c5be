import { type ChildProcess, spawn } from 'node:child_process';
import launchEditor from 'launch-editor';
import getArgs from 'launch-editor/get-args.js';
import type { EditorSettings } from '../config/types.ts';
import { WorkbenchError } from '../contract/errors.ts';
import { errorMessage, hasErrorCode } from '../system/errors.ts';
import { findEditor, thisMachine } from './find.ts';
import { editorName } from './known.ts';

export interface FilePlace {
  /** Absolute. */
  readonly path: string;
  /** From 1; null opens the file where the editor likes. */
  readonly line: number | null;
  readonly column: number | null;
}

/** An editor that fails at once does so within this time; one that is still running then has the file. */
const GRACE_MS = 500;

/**
 * Opens a file in the user's editor and returns once it was taken: it neither waits for the editor's end nor
 * ends it with the workbench. No shell is involved; `launch-editor` knows how each editor takes a line and a
 * column.
 *
 * @throws {WorkbenchError} CONFLICT with the reason and the remedy when no editor can open it
 */
export async function openInEditor(
  settings: EditorSettings,
  place: FilePlace,
  cwd: string,
): Promise<{ readonly editor: string }> {
  const [command = '', ...own] = await findEditor(settings, thisMachine(settings.searchPath));
  const editor = editorName(command);
  const problem =
    process.platform === 'win32'
      ? await startOnWindows(command, own, place)
      : await start(command, [...own, ...argumentsFor(command, place)], cwd);
  if (problem === null) return { editor };
  throw new WorkbenchError(
    'CONFLICT',
    `${editor} didn't open ${place.path}: ${problem}. Set MOZAIKS_EDITOR to the editor to use, and start the workbench again`,
  );
}

function argumentsFor(command: string, { path, line, column }: FilePlace): string[] {
  const given = line === null ? getArgs(command, path) : getArgs(command, path, line, column ?? 1);
  return given.map(String);
}

/** What went wrong at once; null when the editor took the file or is still running. */
function start(command: string, args: readonly string[], cwd: string): Promise<string | null> {
  return new Promise((resolve) => {
    let child: ChildProcess;
    try {
      child = spawn(command, args, { cwd, detached: true, stdio: 'ignore' });
    } catch (error) {
      resolve(errorMessage(error));
      return;
    }
    const timer = setTimeout(() => resolve(null), GRACE_MS);
    child.once('error', (error: Error) => {
      clearTimeout(timer);
      resolve(hasErrorCode(error, 'ENOENT') ? `command '${command}' not found on the PATH` : error.message);
    });
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      resolve(code === 0 ? null : `it ended with ${signal ?? `code ${code}`}`);
    });
    child.unref();
  });
}

/**
 * There a command may be a script, which only a shell can start: the library quotes for it, and refuses what
 * it can't quote.
 */
function startOnWindows(command: string, own: readonly string[], place: FilePlace): Promise<string | null> {
  const file = [place.path, place.line, place.column].filter((part) => part !== null).join(':');
  const specified = [command, ...own].map((word) => `'${word}'`).join(' ');
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), GRACE_MS);
    launchEditor(file, specified, (_file, message) => {
      clearTimeout(timer);
      resolve(message ?? 'no reason was given');
    });
  });
}
