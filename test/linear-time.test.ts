import { describe, it } from 'vitest';
import { parseBody } from '../main/conformance/checks/answers.ts';
import { escapeMarkup, toOneLine } from '../main/conformance/reports/foreign-text.ts';
import { hasOnlyPlainNumbers, membersOf, numbersLostInJavaScript } from '../main/contract/json-members.ts';
import { formatJson, problemWords, scanJson } from '../main/contract/json-text.ts';
import { describeExit } from '../main/hosts/exit.ts';
import { codeFrame, trimStack } from '../main/plugins/version/failure.ts';
import { parseJsonObject } from '../main/server/connection/body.ts';
import { printable } from '../main/system/printable.ts';
import { firstPlace } from '../main/system/stack-frame.ts';
import { quoteForShell } from '../main/traces/files/curl.ts';
import { maskJsonText } from '../main/traces/record/body.ts';
import { createRedactor } from '../main/traces/record/redact.ts';
import { tokenizeJson } from '../renderer/components/json/json-tokens.ts';
import { parseAnsi } from '../renderer/components/text/ansi.ts';
import { splitHidden } from '../renderer/components/text/hidden-characters.ts';
import { parseStack } from '../renderer/components/text/stack-frames.ts';
import { cpuTimeMs } from './support/cpu-time.ts';

/**
 * P10: what meets text of clients, plugins and other servers takes time in proportion to it. An expression
 * that goes back over what it has read blocks everything for seconds on a text that a client chose.
 */

const KIB = 1024;
const LIMIT_MS = 100;
/** Times below it are noise, of which no ratio tells anything. */
const NOISE_MS = 20;

const inStack = (text: string) => `Error: ${text}\n    at ${text}\n    at f (${text}:1:1)`;
const inJson = (text: string) => `{"a":"${text}`;
const credential = `${'a'.repeat(4_000)}b${'a'.repeat(4_000)}`;
const redactor = createRedactor(['a-secret-of-the-runtime', credential]);
const facts = { killed: null, code: 1, signal: null, memoryLimitMb: 512 };

/** Whatever it does with the text, it may also refuse it. */
function attempted(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}

const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  'the stack of a failed call': (text) => trimStack(inStack(text), { kind: 'node', folder: '/p' }),
  'the place where a process died': (text) => firstPlace(inStack(text)),
  'why a process ended': (text) => describeExit({ ...facts, dying: null, stderr: text }),
  'a code frame': (text) => codeFrame(text, 2, 1),
  'masking a text': redactor.text,
  // Patterns are only tried on a text that has the characters that they need.
  'masking a text that has what each pattern needs': (text) => redactor.text(`${text} a=b "a": 'b' eyJ`),
  'masking a JSON text': (text) => maskJsonText(JSON.stringify({ [text]: text }), redactor),
  'masking headers': (text) => redactor.headers({ [text]: text, authorization: text }),
  'reading a body': (text) => parseJsonObject(Buffer.from(inJson(text)), false),
  'reading a body that is JSON': (text) => parseJsonObject(Buffer.from(JSON.stringify({ text })), false),
  'splitting a body': (text) => membersOf(JSON.stringify({ [text]: text })),
  'numbers of a text': (text) => [numbersLostInJavaScript(text), hasOnlyPlainNumbers(text)],
  'what is wrong with a JSON text': (text) => {
    const { problem } = scanJson(inJson(text));
    return problem === null ? null : problemWords(text, problem);
  },
  'formatting a JSON text': (text) => formatJson(JSON.stringify([text])),
  'an answer of a target': (text) => parseBody({ status: 200, headers: {}, body: text, durationMs: 0 }),
  'a report': (text) => [toOneLine(text), escapeMarkup(text)],
  'a terminal': printable,
  'a command for the shell': quoteForShell,
  'colouring JSON': (text) => tokenizeJson(inJson(text)),
  'showing a stack': (text) => parseStack(inStack(text)),
  'showing colours': parseAnsi,
  'showing hidden characters': splitHidden,
};

const TEXTS: Readonly<Record<string, string>> = {
  'line ends': '\n',
  blanks: ' ',
  'places in brackets': ' (/:1',
  quotes: '"',
  'escaped quotes': '\\"',
  'beginnings of tokens': 'eyJ',
  'tokens cut short': 'eyJaaaaa.',
  'frames without a place': '\n    at ',
  digits: '1:1',
  slashes: '/',
  'addresses without an end': 'a://b:c',
  'the letter of a credential': 'a',
};

describe.each(Object.entries(READERS))('%s', (_reader, read) => {
  it.each(Object.entries(TEXTS))('P10: takes linear time on %s', (_text, part) => {
    expectLinear((size) => {
      const text = part.repeat(size / part.length);
      return () => attempted(() => read(text));
    });
  });
});

it('P10: takes linear time on a number of zeros, as text and in a body', () => {
  expectLinear((size) => {
    const number = `1${'0'.repeat(size)}1`;
    return () => [numbersLostInJavaScript(number), parseJsonObject(Buffer.from(`{"a":${number}}`), false)];
  });
});

/** The best of five runs counts, since other processes slow this one down; the first good ones are enough. */
function expectLinear(prepare: (size: number) => () => unknown): void {
  const [single, double] = [prepare(64 * KIB), prepare(128 * KIB)];
  let [singleMs, doubleMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let run = 0; run < 5; run += 1) {
    singleMs = Math.min(singleMs, cpuTimeMs(single));
    doubleMs = Math.min(doubleMs, cpuTimeMs(double));
    if (singleMs <= LIMIT_MS && doubleMs < Math.max(3 * singleMs, NOISE_MS)) return;
  }
  throw new Error(`64 KiB took ${singleMs.toFixed(1)} ms, twice as much ${doubleMs.toFixed(1)} ms`);
}
