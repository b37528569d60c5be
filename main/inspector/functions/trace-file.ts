import { z } from 'zod';
import { version } from '../../../package.json';
import type { Trace } from '../../contract/trace.ts';
import {
  type ExportOutcome,
  MAX_EXPORTED_IDS,
  MAX_TRACE_FILE_BYTES,
  TRACE_FILE_FORMATS,
  type TraceChoice,
  type TraceFileFormat,
  type TraceFileFunctions,
  type TraceRef,
} from '../../contract/trace-file.ts';
import { toCurl } from '../../traces/files/curl.ts';
import { traceFileName, writeTraceFile } from '../../traces/files/export-file.ts';
import { chosenTraces } from '../../traces/files/selection.ts';
import { recordedCall } from '../../traces/record/recorded-request.ts';
import { isMasked } from '../../traces/record/redact.ts';
import type { HandlerDeps } from '../deps.ts';
import { saveFile } from '../downloads.ts';
import type { ArgumentsOf, HandlersOf } from '../function-types.ts';
import { file, id, persona, token, traceFilter } from './fields.ts';

const traceRef = { id, file: file.nullable() };

export const TRACE_FILE_ARGUMENTS: ArgumentsOf<TraceFileFunctions> = {
  exportTraces: z.strictObject({
    format: z.enum(TRACE_FILE_FORMATS),
    choice: z.union([
      z.strictObject({ traces: z.array(z.strictObject(traceRef)).min(1).max(MAX_EXPORTED_IDS) }),
      z.strictObject({ file: file.nullable(), ...traceFilter }),
    ]),
  }),
  openTraceFile: z.strictObject({ name: z.string().max(300), text: z.string().max(MAX_TRACE_FILE_BYTES) }),
  traceFiles: z.null(),
  closeTraceFile: z.strictObject({ id: file }),
  traceAsCurl: z.strictObject({
    ...traceRef,
    persona,
    token: token.exactOptional(),
    revealToken: z.boolean(),
  }),
};

export function createTraceFileHandlers(deps: HandlerDeps): HandlersOf<TraceFileFunctions> {
  const { authSwitch, openedFiles } = deps;
  return {
    exportTraces: ({ format, choice }) => exportTraces(deps, format, choice),
    openTraceFile: ({ name, text }) => openedFiles.open(name, text),
    traceFiles: () => openedFiles.views(),
    closeTraceFile({ id }) {
      openedFiles.close(id);
      return null;
    },
    traceAsCurl: async ({ persona, token, revealToken, ...ref }) =>
      curlOf(await findTrace(deps, ref), deps.baseUrl(), {
        token: await authSwitch.mint.personaToken(persona, token),
        revealToken,
      }),
  };
}

async function findTrace({ traces, openedFiles }: HandlerDeps, { id, file }: TraceRef): Promise<Trace> {
  return file === null ? traces.require(id) : openedFiles.get(file, id);
}

/**
 * The command for a trace's own request. A masked header is left out: sent as it is, it would be a different
 * request.
 */
function curlOf(
  trace: Trace,
  baseUrl: string,
  auth: { readonly token: string | null; readonly revealToken: boolean },
): string {
  const { path, body } = recordedCall(trace);
  const headers = Object.entries(trace.request.headers).filter(([, value]) => !isMasked(value));
  return toCurl({
    method: trace.request.method,
    url: `${baseUrl}${path}`,
    headers: Object.fromEntries(headers),
    body: trace.request.body === null ? null : body,
    ...auth,
  });
}

async function exportTraces(
  deps: HandlerDeps,
  format: TraceFileFormat,
  choice: TraceChoice,
): Promise<ExportOutcome> {
  const { traces, openedFiles } = deps;
  const at = Date.now();
  const name = traceFileName(format, at);
  const counted = counting(chosenTraces(traces, openedFiles, choice));
  const chunks = writeTraceFile(format, { version, at, baseUrl: deps.baseUrl(), traces: counted.traces });
  const outcome = await saveFile(deps, name, chunks);
  return outcome.state === 'saved' ? { ...outcome, count: counted.count() } : outcome;
}

function counting(traces: AsyncIterable<Trace>): { traces: AsyncIterable<Trace>; count(): number } {
  let count = 0;
  async function* counted() {
    for await (const trace of traces) {
      count += 1;
      yield trace;
    }
  }
  return { traces: counted(), count: () => count };
}
