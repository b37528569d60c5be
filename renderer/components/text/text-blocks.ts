/** A piece of a long text, laid out by itself. */
export interface TextBlock {
  readonly text: string;
  /** Number of lines, to estimate its height before it is laid out. */
  readonly lines: number;
}

const MAX_LINES = 100;
const MAX_CHARACTERS = 8_000;

/**
 * Splits text at line ends, and within a line that is too long for one piece. A piece does not contain the
 * line end it was split at, since each piece starts a line of its own.
 */
export function splitBlocks(text: string): readonly TextBlock[] {
  const blocks: TextBlock[] = [];
  let from = 0;
  while (from < text.length) {
    const { end, lines } = findBlockEnd(text, from);
    blocks.push({ text: text.slice(from, end), lines });
    from = text[end] === '\n' ? end + 1 : end;
  }
  return blocks;
}

function findBlockEnd(text: string, from: number): { end: number; lines: number } {
  const limit = from + MAX_CHARACTERS;
  let end = from;
  for (let lines = 0; lines < MAX_LINES; lines++) {
    const found = text.indexOf('\n', lines === 0 ? from : end + 1);
    const lineEnd = found < 0 ? text.length : found;
    if (lineEnd > limit) return lines === 0 ? { end: avoidSurrogate(text, limit), lines: 1 } : { end, lines };
    end = lineEnd;
    if (found < 0) return { end, lines: lines + 1 };
  }
  return { end, lines: MAX_LINES };
}

/** Moves a split out of a surrogate pair. */
function avoidSurrogate(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at + 1 : at;
}
