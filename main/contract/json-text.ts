/**
 * JSON as people write it: what is wrong with a text and where, and reformatting that changes no value.
 * `JSON.parse` alone won't do: its messages differ from engine to engine, and a round through values rounds
 * large numbers (`12345678901234567890`), turns `1.0` to `1` and drops the earlier of two equal keys.
 */

export interface JsonProblem {
  /** In the text, in UTF-16 units: where it starts and where it ends. */
  readonly from: number;
  readonly to: number;
  /** "expected a comma or }, found "b"", without the place. */
  readonly message: string;
}

export interface JsonScan {
  /** The parts of the text as far as it is JSON. */
  readonly tokens: readonly JsonPart[];
  /** The first thing that is wrong; null when the text is JSON. */
  readonly problem: JsonProblem | null;
}

export interface JsonPart {
  readonly kind: 'punctuation' | 'value' | 'key';
  readonly text: string;
  readonly from: number;
  /** How many objects and lists it is in; brackets have the depth around them. */
  readonly depth: number;
}

const BLANKS = /[ \t\n\r]*/y;
/** Unrolled, so that a long text without its closing quote costs no more than one pass. */
const STRING = /"[ !#-[\]-\u{10ffff}]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[ !#-[\]-\u{10ffff}]*)*"/uy;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])/y;
const WORD = /(?:true|false|null)(?!\w)/y;
/** What is found at a wrong place, for the message: a word, a number, or a single character. */
const FOREIGN = /[\w$.+-]+|./suy;
/** Control characters, which a string may not hold as they are. */
const CONTROL = /[^ -\u{10ffff}]/u;
const SHOWN = 24;

type Expected = 'value' | 'first-value' | 'key' | 'first-key' | 'colon' | 'more' | 'end';

const EXPECTED_WORDS: Readonly<Record<Expected, string>> = {
  value: 'a value',
  'first-value': 'a value or ]',
  key: 'a key in double quotes',
  'first-key': 'a key in double quotes or }',
  colon: 'a colon',
  more: 'a comma',
  end: 'nothing more',
};

/** Reads a text as JSON up to its end or its first mistake. The nesting may be of any depth. */
export function scanJson(text: string): JsonScan {
  const tokens: JsonPart[] = [];
  /** The brackets that are open, outermost first. */
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let at = skipBlanks(text, 0);
  while (at < text.length || expected !== 'end') {
    const part = takePart(text, at, expected, open.at(-1));
    if (part === null) return { tokens, problem: problemAt(text, at, expected, open.at(-1)) };
    const closes = part === '}' || part === ']';
    if (closes) open.pop();
    const kind = kindOf(part, expected);
    tokens.push({ kind, text: part, from: at, depth: open.length });
    if (part === '{' || part === '[') open.push(part);
    expected = expectedAfter(part, kind, open.at(-1));
    at = skipBlanks(text, at + part.length);
  }
  return { tokens, problem: null };
}

function kindOf(part: string, expected: Expected): JsonPart['kind'] {
  if (/^[{}[\],:]$/.test(part)) return 'punctuation';
  return expected === 'key' || expected === 'first-key' ? 'key' : 'value';
}

/** The next part when it is allowed here, else null. */
function takePart(
  text: string,
  at: number,
  expected: Expected,
  within: '{' | '[' | undefined,
): string | null {
  const character = text[at] ?? '';
  const closing = within === '{' ? '}' : ']';
  switch (expected) {
    case 'key':
      return match(STRING, text, at);
    case 'first-key':
      return character === '}' ? character : match(STRING, text, at);
    case 'colon':
      return character === ':' ? character : null;
    case 'more':
      return character === ',' || character === closing ? character : null;
    case 'end':
      return null;
    case 'first-value':
      return character === ']' ? character : takeValue(text, at);
    case 'value':
      return takeValue(text, at);
  }
}

function takeValue(text: string, at: number): string | null {
  const character = text[at] ?? '';
  if (character === '{' || character === '[') return character;
  return match(STRING, text, at) ?? match(NUMBER, text, at) ?? match(WORD, text, at);
}

function expectedAfter(part: string, kind: JsonPart['kind'], within: '{' | '[' | undefined): Expected {
  if (part === '{') return 'first-key';
  if (part === '[') return 'first-value';
  if (kind === 'key') return 'colon';
  if (part === ':') return 'value';
  if (part === ',') return within === '{' ? 'key' : 'value';
  return within === undefined ? 'end' : 'more';
}

function problemAt(text: string, at: number, expected: Expected, within: '{' | '[' | undefined): JsonProblem {
  const wanted = expected === 'more' ? `a comma or ${within === '{' ? '}' : ']'}` : EXPECTED_WORDS[expected];
  if (at >= text.length) return { from: at, to: at, message: `expected ${wanted}, but the text ends here` };
  const found = match(STRING, text, at) ?? match(FOREIGN, text, at) ?? '';
  return {
    from: at,
    to: at + found.length,
    message: knownMistake(text, at, expected) ?? foundWords(wanted, found),
  };
}

function foundWords(wanted: string, found: string): string {
  const shown = found.length > SHOWN ? `${found.slice(0, SHOWN)}…` : found;
  return `expected ${wanted}, found ${shown}`;
}

/** Mistakes that have a name. */
function knownMistake(text: string, at: number, expected: Expected): string | null {
  const character = text[at];
  const isPlace = expected !== 'colon' && expected !== 'more' && expected !== 'end';
  if (text.startsWith('//', at) || text.startsWith('/*', at)) return 'JSON has no comments';
  if (isPlace && character === "'") return 'strings and keys need double quotes';
  if (isPlace && character === '"') return unfinishedText(text, at);
  if (expected === 'key' && character === '}') return 'a comma with nothing after it';
  if (expected === 'value' && character === ']') return 'a comma with nothing after it';
  if ((expected === 'key' || expected === 'first-key') && /[\w$]/.test(character ?? '')) {
    return 'a key needs double quotes';
  }
  return null;
}

function unfinishedText(text: string, at: number): string {
  const line = /^"(?:[^"\\\n]|\\[^\n])*/.exec(text.slice(at, at + 100_000))?.[0] ?? '"';
  const rest = text[at + line.length];
  if (rest !== '"') return 'this text has no closing quote';
  if (CONTROL.test(line)) return 'this text holds a control character: write it as \\t or \\u0000';
  return 'this text holds a backslash that means nothing: write \\\\ for one';
}

function skipBlanks(text: string, at: number): number {
  return at + (match(BLANKS, text, at) ?? '').length;
}

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

/** Line and column of a place, both from 1. */
export function placeIn(text: string, at: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  return { line, column: at - before.lastIndexOf('\n') };
}

/** "Line 3, column 5: expected a comma or }, found "b"". */
export function problemWords(text: string, { from, message }: JsonProblem): string {
  const { line, column } = placeIn(text, from);
  return `Line ${line}, column ${column}: ${message}`;
}

/**
 * Keys that appear twice in one object: the last one wins, here as in production. Each at its later place.
 */
export function duplicateKeys(tokens: readonly JsonPart[]): readonly JsonPart[] {
  const seen: Set<string>[] = [];
  const twice: JsonPart[] = [];
  for (const token of tokens) {
    if (token.text === '{') seen[token.depth + 1] = new Set();
    if (token.kind !== 'key') continue;
    const keys = seen[token.depth];
    const key: unknown = JSON.parse(token.text);
    if (typeof key !== 'string') continue;
    if (keys?.has(key)) twice.push(token);
    keys?.add(key);
  }
  return twice;
}

/** The keys of the outermost object, each at its place; none when the text is not an object. */
export function outerKeys(tokens: readonly JsonPart[]): readonly JsonPart[] {
  return tokens[0]?.text === '{' ? tokens.filter(({ kind, depth }) => kind === 'key' && depth === 1) : [];
}

const INDENT = '  ';

/**
 * The text with two spaces a level and a part a line, as `JSON.stringify(value, null, 2)` lays it out, every
 * value written as it was. Null when it is not JSON.
 */
export function formatJson(text: string): string | null {
  const { tokens, problem } = scanJson(text);
  if (problem !== null) return null;
  const lines: string[] = [];
  let before = '';
  for (const { text: part, depth } of tokens) {
    const closes = part === '}' || part === ']';
    const isEmpty = closes && (before === '{' || before === '[');
    const breaks = closes ? !isEmpty : before === '{' || before === '[' || before === ',';
    if (breaks) lines.push(`\n${INDENT.repeat(depth)}`);
    lines.push(part === ':' ? ': ' : part);
    before = part;
  }
  return lines.join('');
}
