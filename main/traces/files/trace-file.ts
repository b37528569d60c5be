import type { z } from 'zod';
import { WorkbenchError } from '../../contract/errors.ts';
import { endOfString, levelsOpenedBy } from '../../contract/json-members.ts';
import type { Trace } from '../../contract/trace.ts';
import { TRACE_FILE } from '../../contract/trace-file.ts';
import { maskAgain } from '../record/mask-again.ts';
import type { Redactor } from '../record/redact.ts';
import { envelopeSchema, traceSchema } from './schema.ts';

/**
 * Reads a file of traces. Threat model: the file comes from somewhere else and may be anything. It is checked
 * in full before any of it is used, masked again, and only ever shown as text; its size is bounded by the
 * caller. It takes seconds where the file is made for it: a runtime reads it in a thread (file-worker.ts).
 */

export interface TraceFileContent {
  readonly exportedAt: string | null;
  /** Newest first. */
  readonly traces: readonly Trace[];
}

/** Longest text of one trace, larger than any that a runtime stores: it is parsed again each time it is shown. */
const MAX_TRACE_LENGTH = 4 * 1024 * 1024;
/** Of a whole file; each takes memory many times its two brackets. */
const MAX_NESTS = 3_000_000;
/** Of one object; a body that is stored has half as many at most. */
const MAX_KEYS = 100_000;

/** @throws {WorkbenchError} BAD_REQUEST that names the file, the place in it, and what to do */
export function readTraceFile(name: string, text: string, redactor: Redactor): TraceFileContent {
  const { traces: unchecked, exportedAt } = readEnvelope(name, text);
  const traces: Trace[] = [];
  const ids = new Set<string>();
  for (const [index, item] of unchecked.entries()) {
    const parsed = traceSchema.safeParse(item);
    if (!parsed.success) throw refusal(name, `${placeOf(['traces', index], parsed.error)}. ${EXPORT_AGAIN}`);
    if (ids.has(parsed.data.id)) {
      throw refusal(name, `traces[${index}].id: ${parsed.data.id} appears twice. ${EXPORT_AGAIN}`);
    }
    ids.add(parsed.data.id);
    const trace = maskAgain(parsed.data, redactor);
    if (JSON.stringify(trace).length > MAX_TRACE_LENGTH) {
      throw refusal(name, `traces[${index}] is larger than any trace of a workbench. ${EXPORT_AGAIN}`);
    }
    traces.push(trace);
  }
  traces.sort((a, b) => b.startedAt - a.startedAt || b.seq - a.seq);
  return { exportedAt: exportedAt ?? null, traces };
}

const EXPORT_AGAIN = 'Edited or truncated: export it again';

function readEnvelope(name: string, text: string): z.infer<typeof envelopeSchema> {
  const json = parseJson(name, text);
  const version = versionOf(json);
  if (version === null) throw refusal(name, noneOfOurs(json));
  if (version !== TRACE_FILE.version) {
    throw refusal(
      name,
      `it has version ${version} of the format, and this workbench reads ${TRACE_FILE.version}. Open it in a newer workbench`,
    );
  }
  const parsed = envelopeSchema.safeParse(json);
  if (!parsed.success) throw refusal(name, `${placeOf([], parsed.error)}. ${EXPORT_AGAIN}`);
  return parsed.data;
}

function parseJson(name: string, text: string): unknown {
  const excess = findExcess(text);
  if (excess !== null) throw refusal(name, `it has ${excess}, as no trace of a workbench has`);
  try {
    // A byte order mark is not JSON, but some editors write one.
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 120) : 'it ends too early';
    throw refusal(name, `it is not JSON (${reason}). ${EXPORT_AGAIN}`, error);
  }
}

/** What a text has too much of to be parsed, which would take long; null where it has not. */
function findExcess(text: string): string | null {
  let nests = 0;
  /** Of each object or list that is open, how many keys it has so far. */
  const keys: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const levels = levelsOpenedBy(code);
    if (code === QUOTE) at = endOfString(text, at) - 1;
    else if (code === COLON) keys.push((keys.pop() ?? 0) + 1);
    else if (levels > 0) {
      nests += 1;
      keys.push(0);
    } else if (levels < 0) keys.pop();
    if (nests > MAX_NESTS) return `more than ${MAX_NESTS.toLocaleString('en-US')} lists and objects`;
    if ((keys.at(-1) ?? 0) > MAX_KEYS)
      return `an object of more than ${MAX_KEYS.toLocaleString('en-US')} keys`;
  }
  return null;
}

const [QUOTE, COLON] = [...'":'].map((character) => character.charCodeAt(0));

/** The version of our own format; null when it is none. */
function versionOf(json: unknown): number | null {
  if (typeof json !== 'object' || json === null || !('format' in json)) return null;
  if (json.format !== TRACE_FILE.format) return null;
  return 'version' in json && typeof json.version === 'number' ? json.version : 0;
}

function noneOfOurs(json: unknown): string {
  if (typeof json === 'object' && json !== null && 'log' in json) {
    return 'it is an HTTP Archive, which has no room for all of a trace. Export as JSON to open it again';
  }
  return `it is not a file of traces: it has no "format": "${TRACE_FILE.format}". Choose one that “Export as JSON” wrote`;
}

/** `traces[3].outcome: Invalid option…`: the first thing that is wrong, and where. */
function placeOf(before: readonly (string | number)[], { issues: [issue] }: z.ZodError): string {
  const path = [...before, ...(issue?.path ?? [])]
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part).slice(0, 60)}`))
    .join('')
    .replace(/^\./, '');
  return `${path || 'the file'}: ${(issue?.message ?? 'invalid').slice(0, 200)}`;
}

function refusal(name: string, why: string, cause?: unknown): WorkbenchError {
  return new WorkbenchError('BAD_REQUEST', `“${name}” can't be opened: ${why}.`, { cause });
}
