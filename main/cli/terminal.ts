import { fchmodSync, fstatSync } from 'node:fs';
import { WorkbenchError } from '../contract/errors.ts';
import { PRIVATE_FILE_MODE } from '../system/atomic-file.ts';
import { errorCode, errorMessage } from '../system/errors.ts';
import { inOneLine, printable } from '../system/printable.ts';

/**
 * Where a command writes. Results go to `out` alone, so that they can be piped; everything else goes to
 * `err`. Whatever passes here is text to a terminal, foreign or not.
 */
export interface Terminal {
  /** Text for people, or JSON. */
  out(text: string): void;
  /** What another program is given as it is. */
  outExactly(text: string): void;
  /**
   * What gives access to something: where `out` is a file, other users can't read it from then on.
   * @throws {WorkbenchError} INTERNAL_ERROR when that can't be had
   */
  outSecret(text: string): void;
  err(text: string): void;
  /** Replaces the line that was drawn last; null only takes it away. Nothing unless `err` is a terminal. */
  draw(line: string | null): void;
  /** `out` is a terminal, read by a person rather than a program. */
  readonly isOutInteractive: boolean;
}

export interface TerminalStreams {
  readonly writeOut: (text: string) => void;
  readonly writeErr: (text: string) => void;
  /** Keeps other users from reading what `writeOut` writes next; may throw. */
  readonly restrictOut: () => void;
  readonly isErrInteractive: boolean;
  readonly isOutInteractive: boolean;
}

const ERASE_LINE = '\r\u001b[K';
/** Fits 80 columns: a wrapped line could not be erased. */
const MAX_LINE = 79;

export function createTerminal(streams: TerminalStreams): Terminal {
  const { writeOut, writeErr, restrictOut, isErrInteractive, isOutInteractive } = streams;
  return {
    out: (text) => writeOut(printable(text)),
    outExactly: writeOut,
    outSecret(text) {
      restrictOut();
      writeOut(printable(text));
    },
    err: (text) => writeErr(printable(text)),
    draw(line) {
      if (isErrInteractive) writeErr(`${ERASE_LINE}${shorten(printable(inOneLine(line ?? '')))}`);
    },
    isOutInteractive,
  };
}

function shorten(line: string): string {
  return line.length <= MAX_LINE ? line : `${line.slice(0, MAX_LINE - 1)}…`;
}

export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  return createTerminal({
    writeOut: (text) => stdout.write(text),
    writeErr: (text) => stderr.write(text),
    restrictOut: () => restrictToOwner(stdout.fd),
    isErrInteractive: stderr.isTTY === true,
    isOutInteractive: stdout.isTTY === true,
  });
}

/** A shell makes the file that output goes to with a mode that lets everyone read. Pipes and terminals have none. */
export function restrictToOwner(descriptor: number): void {
  // Windows has its own rights per user folder.
  if (process.platform === 'win32') return;
  const stats = fstatSync(descriptor);
  if (!stats.isFile() || (stats.mode & 0o077) === 0) return;
  try {
    fchmodSync(descriptor, PRIVATE_FILE_MODE);
  } catch (error) {
    const reason = errorCode(error) ?? errorMessage(error);
    throw new WorkbenchError(
      'INTERNAL_ERROR',
      `Other users can read the file that the output goes to, and its mode can't be changed (${reason}): send it to a file of your own`,
      { cause: error },
    );
  }
}
