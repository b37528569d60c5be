/** A piece of a long text that is laid out by itself. */
export interface TextBlock {
  readonly text: string;
  /** Lines it begins with, for its height before it is laid out. */
  readonly lines: number;
}

const MAX_LINES = 100;
const MAX_LETTERS = 8_000;

/**
 * Cuts a text at line ends, and a line that is too long for one piece inside of it; joined by their line ends
 * or cuts they are the text again. A piece doesn't hold the line end it was cut at, since each starts a line
 * of its own.
 */
export function splitBlocks(text: string): readonly TextBlock[] {
  const blocks: TextBlock[] = [];
  let from = 0;
  while (from < text.length) {
    const { end, lines } = endOfBlock(text, from);
    blocks.push({ text: text.slice(from, end), lines });
    from = text[end] === '\n' ? end + 1 : end;
  }
  return blocks;
}

function endOfBlock(text: string, from: number): { end: number; lines: number } {
  const limit = from + MAX_LETTERS;
  let end = from;
  for (let lines = 0; lines < MAX_LINES; lines++) {
    const found = text.indexOf('\n', lines === 0 ? from : end + 1);
    const lineEnd = found < 0 ? text.length : found;
    if (lineEnd > limit) return lines === 0 ? { end: wholeLetter(text, limit), lines: 1 } : { end, lines };
    end = lineEnd;
    if (found < 0) return { end, lines: lines + 1 };
  }
  return { end, lines: MAX_LINES };
}

/** Never between the two halves of a letter outside of the basic plane. */
function wholeLetter(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at + 1 : at;
}
