/**
 * One frame of a JavaScript stack: `    at name (/path:3:9)` or `    at /path:3:9`. Threat model: a plugin
 * throws what a client sent, so any text may be in a stack, and any line may only look like a frame. All of
 * this takes time in proportion to the line.
 */
export interface StackFrame {
  /** The line up to its position. */
  readonly head: string;
  readonly line: number;
  readonly column: number;
  /** `:3:9` or `:3:9)`, as it is written. */
  readonly position: string;
}

const FRAME = /^\s+at /;
const POSITION = /:(\d{1,15}):(\d{1,15})\)?$/;
/** No position is longer. */
const MAX_POSITION = 33;

/** Whether a line begins as a frame does. */
export function beginsFrame(line: string): boolean {
  return FRAME.test(line);
}

/** Null where the line is not a frame with a position. */
export function parseFrame(line: string): StackFrame | null {
  const match = beginsFrame(line) ? POSITION.exec(line.slice(-MAX_POSITION)) : null;
  if (match === null) return null;
  const [position, row, column] = match;
  return { head: line.slice(0, -position.length), line: Number(row), column: Number(column), position };
}

const PATH = /file:\/\/|\/|[A-Za-z]:\\/y;

/** Where the file's path begins in a frame's head: after the last ` (` that a path follows, or after `at `. */
export function startOfPath(head: string): number | null {
  for (let at = head.lastIndexOf(' ('); at > 0; at = head.lastIndexOf(' (', at - 1)) {
    if (beginsPath(head, at + 2)) return at + 2;
  }
  const bare = FRAME.exec(head)?.[0].length ?? 0;
  return beginsPath(head, bare) ? bare : null;
}

function beginsPath(text: string, at: number): boolean {
  PATH.lastIndex = at;
  return PATH.test(text);
}

/** The first frame's file without its folders, and the place in it: `logic.ts:3:9`; null where there is none. */
export function firstPlace(stack: string): string | null {
  for (const line of stack.split('\n')) {
    const frame = parseFrame(line);
    if (frame === null) continue;
    const file = /[^/\\(\s]+$/.exec(frame.head.slice(-MAX_FILE_NAME))?.[0];
    if (file !== undefined) return `${file}:${frame.line}:${frame.column}`;
  }
  return null;
}

/** As long as a file system allows. */
const MAX_FILE_NAME = 255;
