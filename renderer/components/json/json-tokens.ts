type JsonTokenKind = 'key' | 'string' | 'number' | 'word' | 'plain';

export interface JsonToken {
  readonly kind: JsonTokenKind;
  readonly text: string;
}

/** A string without its end reaches to the end: were it passed over, the next quote would read it all again. */
const TOKEN = /"[^"\\]*(?:\\.?[^"\\]*)*(?:"|$)|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/gs;

/** Splits JSON into tokens for colouring. Joined, the tokens are the input, whatever it is. */
export function tokenizeJson(text: string): JsonToken[] {
  const tokens: JsonToken[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > end) tokens.push({ kind: 'plain', text: text.slice(end, match.index) });
    end = match.index + match[0].length;
    tokens.push({ kind: kindOf(match[0], text, end), text: match[0] });
  }
  if (end < text.length) tokens.push({ kind: 'plain', text: text.slice(end) });
  return tokens;
}

function kindOf(token: string, text: string, end: number): JsonTokenKind {
  if (token.startsWith('"')) return isKey(text, end) ? 'key' : 'string';
  return /^[tfn]/.test(token) ? 'word' : 'number';
}

/** Whether a colon is next, ignoring whitespace. */
function isKey(text: string, end: number): boolean {
  for (let at = end; at < text.length; at++) {
    const character = text[at];
    if (character === ':') return true;
    if (character !== ' ' && character !== '\n' && character !== '\t') return false;
  }
  return false;
}
