import type { Json } from '../../contract/http.ts';
import { replaceNumbers } from '../../contract/json-members.ts';
import type { Outcome as CallOutcome, StoredBody, Trace } from '../../contract/trace.ts';
import { keepBody, type SeenBody } from '../../traces/record/body.ts';
import { bodyText } from '../../traces/record/recorded-request.ts';
import { MASK, type Redactor, TOKEN_MASK } from '../../traces/record/redact.ts';
import { type CallAnswer, guessOutcome } from '../target/plugin-call.ts';

/** Compares a recorded call with the same call now. */

export interface Difference {
  /** `outcome`, `status`, or a place in the body: `body.items.0.name`. */
  readonly place: string;
  /** Undefined if it was absent. */
  readonly recorded: Json | undefined;
  readonly now: Json | undefined;
}

export interface CompareOptions {
  /** Masks the new answer like the recorded one. */
  readonly redactor: Redactor;
  /** Places in the body that may differ, `*` for any one key: `at`, `items.*.id`. */
  readonly ignore: readonly string[];
  /** Whether the outcome comes from the runtime itself, not guessed from its answer. */
  readonly outcomeIsKnown: boolean;
}

/** Nobody reads more, and a list of a thousand items may differ in each. */
const MAX_DIFFERENCES = 20;

export function compareWithRecorded(
  trace: Trace,
  now: CallAnswer,
  options: CompareOptions,
): readonly Difference[] {
  const { response } = trace;
  const found: Difference[] = [];
  const before = options.outcomeIsKnown ? trace.outcome : guessRecordedOutcome(trace);
  if (before !== now.outcome) found.push({ place: 'outcome', recorded: before, now: now.outcome });
  const status = now.answer?.status ?? null;
  if (trace.status !== status) found.push({ place: 'status', recorded: trace.status, now: status });
  const recorded = response?.body ?? null;
  const present = now.answer === null ? null : keepBody(toSeenBody(now.answer.body), options.redactor);
  if (recorded !== null && present !== null) {
    const ignored = options.ignore.map((place) => place.split('.'));
    compare(readValue(recorded), readValue(present), ['body'], { found, ignored });
  }
  return found;
}

/** Guessed from the recorded answer, as from another runtime's answer. */
function guessRecordedOutcome({ response, outcome }: Trace): CallOutcome {
  if (response === null) return outcome;
  const body = response.body === null ? '' : bodyText(response.body);
  return guessOutcome({ status: response.status, body }).outcome;
}

function toSeenBody(text: string): SeenBody {
  try {
    return { kind: 'json', value: JSON.parse(text) as Json, text };
  } catch {
    return { kind: 'text', text, bytes: Buffer.byteLength(text) };
  }
}

function readValue({ json, text, truncated }: StoredBody): Json | undefined {
  if (json !== undefined || text === undefined || truncated) return json ?? text;
  try {
    // Numbers that JavaScript would change are compared as they are written.
    return JSON.parse(replaceNumbers(text, (literal) => writeComparably(literal))) as Json;
  } catch {
    return text; // Not JSON.
  }
}

function writeComparably(literal: string): string {
  return String(Number(literal)) === literal ? literal : JSON.stringify(`number ${literal}`);
}

interface Comparison {
  readonly found: Difference[];
  readonly ignored: readonly (readonly string[])[];
}

function compare(
  recorded: Json | undefined,
  now: Json | undefined,
  place: readonly string[],
  comparison: Comparison,
): void {
  const { found, ignored } = comparison;
  if (found.length >= MAX_DIFFERENCES || isIgnored(place.slice(1), ignored)) return;
  if (isTree(recorded) && isTree(now) && Array.isArray(recorded) === Array.isArray(now)) {
    for (const key of new Set([...Object.keys(recorded), ...Object.keys(now)])) {
      compare(readOwn(recorded, key), readOwn(now, key), [...place, key], comparison);
    }
    return;
  }
  if (!isSame(recorded, now)) found.push({ place: place.join('.'), recorded, now });
}

type Tree = Json[] | { [key: string]: Json };

function isTree(value: Json | undefined): value is Tree {
  return typeof value === 'object' && value !== null;
}

function readOwn(tree: Tree, key: string): Json | undefined {
  return Object.hasOwn(tree, key) ? (tree as Record<string, Json>)[key] : undefined;
}

function isIgnored(place: readonly string[], ignored: Comparison['ignored']): boolean {
  return ignored.some(
    (wanted) =>
      wanted.length === place.length && wanted.every((part, at) => part === '*' || part === place[at]),
  );
}

function isSame(recorded: Json | undefined, now: Json | undefined): boolean {
  if (recorded === now) return true;
  if (typeof recorded !== 'string' || !recorded.includes(MASK)) return false;
  return now !== undefined && matchesMasked(recorded, typeof now === 'string' ? now : JSON.stringify(now));
}

/** Whether `text` may be the original of `masked`: a mask may cover anything. */
function matchesMasked(masked: string, text: string): boolean {
  const parts = masked.split(TOKEN_MASK).flatMap((part) => part.split(MASK));
  const last = parts.at(-1) ?? '';
  let from = 0;
  for (const [index, part] of parts.slice(0, -1).entries()) {
    const at = text.indexOf(part, from);
    if (at < 0 || (index === 0 && at > 0)) return false;
    from = at + part.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}
