/**
 * Where a command writes. Results go to `out` alone, so that they can be piped; everything else goes to
 * `err`.
 */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** `err` is a terminal, where progress may be drawn. */
  readonly isInteractive: boolean;
  /** `out` is a terminal, read by a person rather than a program. */
  readonly isOutInteractive: boolean;
}

export function processTerminal(): Terminal {
  return {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    isInteractive: process.stderr.isTTY === true,
    isOutInteractive: process.stdout.isTTY === true,
  };
}

/** One line that shows progress on a terminal; nothing anywhere else. */
export interface Progress {
  show(line: string): void;
  /** Removes the line. */
  end(): void;
}

const ERASE_LINE = '\r\u001b[K';
/** Fits 80 columns: a wrapped line could not be erased. */
const MAX_LINE = 79;

export function createProgress({ err, isInteractive }: Terminal): Progress {
  if (!isInteractive) return { show: () => undefined, end: () => undefined };
  return {
    show: (line) => err(`${ERASE_LINE}${line.length <= MAX_LINE ? line : `${line.slice(0, MAX_LINE - 1)}…`}`),
    end: () => err(ERASE_LINE),
  };
}
