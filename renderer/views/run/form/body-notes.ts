import { RESERVED_KEYS } from '../../../../main/contract/http.ts';
import {
  duplicateKeys,
  type JsonPart,
  outerKeys,
  placeIn,
  problemWords,
  scanJson,
} from '../../../../main/contract/json-text.ts';
import type { RunRoute } from '../../../../main/contract/run.ts';
import { marksOfScan, type TextMark } from '../../../components/json/json-marks.ts';

/**
 * A remark about a body before it is sent. It can be sent anyway: a refusal may be what the user wants to
 * see.
 */
export interface BodyNote {
  /** `bad`: it will be refused. */
  readonly tone: 'bad' | 'warn';
  readonly text: string;
}

export interface Sending {
  readonly route: RunRoute;
  /** Whether a token is sent with it; null when that differs between the calls. */
  readonly hasToken: boolean | null;
}

/** How the runtime will treat a body (CONTRACT.md §2 and §4). Pure. */
export function bodyNotes(body: string, { route, hasToken }: Sending): readonly BodyNote[] {
  if (body.trim() === '')
    return route === 'plugin-host' ? [] : [bad('The answer to an empty body is 400 “Invalid JSON payload”.')];
  const { tokens, problem } = scanJson(body);
  if (problem !== null) return [bad(`${problemWords(body, problem)}. The answer will be 400.`)];
  if (tokens[0]?.text !== '{')
    return [bad('Not an object: the answer will be 400 “Request body must be a JSON object”.')];
  return [...reservedNotes(tokens, hasToken), ...duplicateNotes(body, tokens)];
}

/** The same remarks as marks in the text, where they have a position. */
export function bodyMarks(body: string): readonly TextMark[] {
  if (body.trim() === '') return [];
  const scan = scanJson(body);
  const reserved = outerKeys(scan.tokens)
    .filter(({ text }) => isReserved(String(JSON.parse(text))))
    .map(({ from, text }): TextMark => {
      return {
        from,
        to: from + text.length,
        tone: 'warn',
        text: `Only the runtime sets ${text} (contract §4)`,
      };
    });
  return [...reserved, ...marksOfScan(scan)];
}

function isReserved(key: string): boolean {
  return RESERVED_KEYS.some((reserved) => reserved === key);
}

const bad = (text: string): BodyNote => ({ tone: 'bad', text });
const warn = (text: string): BodyNote => ({ tone: 'warn', text });

function reservedNotes(tokens: readonly JsonPart[], hasToken: boolean | null): BodyNote[] {
  const keys = new Set(outerKeys(tokens).map(({ text }) => String(JSON.parse(text))));
  const used = RESERVED_KEYS.filter((key) => keys.has(key));
  const removed: readonly string[] = hasToken === false ? used.filter((key) => key === 'user_jwt') : [];
  const replaced = used.filter((key) => !removed.includes(key));
  const notes: BodyNote[] = [];
  if (replaced.length > 0) notes.push(warn(`${formatList(replaced)} will be replaced by the runtime.`));
  if (removed.length > 0) notes.push(warn('user_jwt will be removed by the runtime: no token is sent.'));
  return notes;
}

const MAX_LISTED = 3;

function duplicateNotes(body: string, tokens: readonly JsonPart[]): BodyNote[] {
  const twice = duplicateKeys(tokens);
  return twice.slice(0, MAX_LISTED).map(({ text, from }, index) => {
    const more =
      index === MAX_LISTED - 1 && twice.length > MAX_LISTED
        ? ` (${twice.length - MAX_LISTED} more duplicate keys)`
        : '';
    return warn(
      `${text} appears twice, again in line ${placeIn(body, from).line}; the last one wins${more}.`,
    );
  });
}

/** "a", "a and b", "a, b and c" */
function formatList(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
