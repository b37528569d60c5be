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

/** Something to know about a body before it is sent. It can be sent all the same: refusals may be wanted. */
export interface BodyNote {
  /** `bad`: it will be refused. */
  readonly tone: 'bad' | 'warn';
  readonly text: string;
}

export interface Sending {
  readonly route: RunRoute;
  /** Whether a token goes with it; null when that differs from call to call. */
  readonly hasToken: boolean | null;
}

/** What the runtime will make of a body (CONTRACT.md §2 and §4). Pure. */
export function bodyNotes(body: string, { route, hasToken }: Sending): readonly BodyNote[] {
  if (body.trim() === '')
    return route === 'plugin-host' ? [] : [bad('An empty body is answered with 400 “Invalid JSON payload”.')];
  const { tokens, problem } = scanJson(body);
  if (problem !== null) return [bad(`${problemWords(body, problem)}. The answer will be 400.`)];
  if (tokens[0]?.text !== '{')
    return [bad('Not an object: answered with 400 “Request body must be a JSON object”.')];
  return [...reservedNotes(tokens, hasToken), ...duplicateNotes(body, tokens)];
}

/** The same in the text itself, where it has a place. */
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
  if (replaced.length > 0) notes.push(warn(`${listed(replaced)} will be replaced by the runtime.`));
  if (removed.length > 0) notes.push(warn('user_jwt will be removed by the runtime: no token is sent.'));
  return notes;
}

const MAX_LISTED = 3;

function duplicateNotes(body: string, tokens: readonly JsonPart[]): BodyNote[] {
  const twice = duplicateKeys(tokens);
  return twice.slice(0, MAX_LISTED).map(({ text, from }, index) => {
    const more =
      index === MAX_LISTED - 1 && twice.length > MAX_LISTED
        ? ` (${twice.length - MAX_LISTED} more keys, too)`
        : '';
    return warn(
      `${text} stands twice, again in line ${placeIn(body, from).line}: the later one counts${more}.`,
    );
  });
}

/** "a", "a and b", "a, b and c" */
function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
