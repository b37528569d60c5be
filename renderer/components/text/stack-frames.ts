/** A line of a stack trace, and the place in the plugin's own files that it names. */
export interface StackLine {
  readonly text: string;
  /** Null for the message and for lines that name no file of the plugin. */
  readonly place: StackPlace | null;
}

export interface StackPlace {
  readonly file: string;
  readonly line: number;
  /** Python names none. */
  readonly column: number | null;
}

/** `    at name (logic.ts:3:9)` and `    at logic.ts:3:9`; stored stacks contain no other frames. */
const NODE = /^\s+at (?:.*\()?([^()]+?):(\d+):(\d+)\)?$/;
/** `  File "logic.py", line 3, in execute` */
const PYTHON = /^\s*File "([^"]+)", line (\d+)/;

/**
 * Splits a stack into lines and finds the places in them. Paths outside the plugin's folder are ignored.
 * Pure.
 */
export function parseStack(stack: string): readonly StackLine[] {
  return stack.split('\n').map((text) => {
    const [, file, line, column] = NODE.exec(text) ?? PYTHON.exec(text) ?? [];
    if (file === undefined || /^(\/|[A-Za-z]:|\.\.|<|node:)/.test(file)) return { text, place: null };
    return {
      text,
      place: { file, line: Number(line), column: column === undefined ? null : Number(column) },
    };
  });
}
