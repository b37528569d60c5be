import { CONTRACT_VERSION } from '../../contract/http.ts';
import type { Trace } from '../../contract/trace.ts';
import { TRACE_FILE, type TraceFileFormat } from '../../contract/trace-file.ts';
import { toHarEntry } from './har.ts';

/** Traces as the text of a file, piece by piece: a store on disk may hold more than memory should. */

export interface FileContent {
  /** Of the workbench that writes it. */
  readonly version: string;
  /** ms since the epoch. */
  readonly at: number;
  /** For requests whose Host header names none. */
  readonly baseUrl: string;
  readonly traces: AsyncIterable<Trace>;
}

const WRITERS: Readonly<Record<TraceFileFormat, (content: FileContent) => AsyncIterable<string>>> = {
  json: writeJson,
  har: writeHar,
};

export function writeTraceFile(format: TraceFileFormat, content: FileContent): AsyncIterable<string> {
  return WRITERS[format](content);
}

/** `mozaiks-traces-2026-02-03-140506.json`, in local time: what a save dialog proposes. */
export function traceFileName(format: TraceFileFormat, at: number): string {
  const date = new Date(at);
  const part = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${part(date.getMonth() + 1)}-${part(date.getDate())}`;
  const time = `${part(date.getHours())}${part(date.getMinutes())}${part(date.getSeconds())}`;
  return `mozaiks-traces-${day}-${time}.${format}`;
}

/** The workbench's own format, a trace a line: it can be opened again, and compared with ordinary tools. */
function writeJson({ version, at, traces }: FileContent): AsyncIterable<string> {
  const head = {
    ...TRACE_FILE,
    exportedAt: new Date(at).toISOString(),
    workbench: version,
    contract: CONTRACT_VERSION,
  };
  const opened = `${JSON.stringify(head).slice(0, -1)},"traces":[`;
  return writeList(opened, traces, (trace) => trace, ']}\n');
}

function writeHar({ version, baseUrl, traces }: FileContent): AsyncIterable<string> {
  const creator = JSON.stringify({ name: 'Mozaiks Workbench', version });
  const opened = `{"log":{"version":"1.2","creator":${creator},"pages":[],"entries":[`;
  return writeList(opened, traces, (trace) => toHarEntry(trace, baseUrl), ']}}\n');
}

async function* writeList(
  opened: string,
  traces: AsyncIterable<Trace>,
  toItem: (trace: Trace) => unknown,
  closed: string,
): AsyncIterable<string> {
  let before = `${opened}\n`;
  for await (const trace of traces) {
    yield before + JSON.stringify(toItem(trace));
    before = ',\n';
  }
  yield before === ',\n' ? `\n${closed}` : `${before}${closed}`;
}
