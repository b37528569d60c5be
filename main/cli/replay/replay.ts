import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { WorkbenchError } from '../../contract/errors.ts';
import type { Trace } from '../../contract/trace.ts';
import { MAX_TRACE_FILE_BYTES } from '../../contract/trace-file.ts';
import { describeReadError, readBoundedFile } from '../../system/read-file.ts';
import { type AddCommand, type CommandContext, type CommandResult, UsageError } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { readToken } from '../input-values.ts';
import {
  type NamedPersona,
  personaOption,
  pluginName,
  pluginsOption,
  timeoutOption,
  tokenOption,
  urlOption,
} from '../options.ts';
import { SETTINGS_NOTE } from '../settings-help.ts';
import { type CallTarget, describeTargetRule, openTarget } from '../target/call-target.ts';
import { countVerdict, formatProductionLines, formatReplay } from './output.ts';
import { replayAll } from './run.ts';

/** `replay <trace-file>`: sends recorded requests again, and compares the answers. */

interface ReplayOptions {
  readonly trace?: readonly string[];
  readonly plugin?: string;
  readonly ignore?: readonly string[];
  readonly as?: NamedPersona;
  readonly token?: string;
  readonly recordedRoles?: true;
  readonly url?: string;
  readonly plugins?: string;
  readonly timeout?: number;
}

const DESCRIPTION = [
  'Sends the requests of a trace file again, oldest first, and compares outcome, status and body of each answer with the recorded ones.',
  'The file comes from "Export as JSON" in Traces. Prints one line per request: same, differs (and how), or skipped (and why).',
].join(' ');

const MORE = `
${describeTargetRule({ subject: 'Runtime called', loads: 'the called plugins' })}

Tokens are never stored. Without --as and --token each request is sent as the recorded user, with a new token signed here; those
recorded without a token are sent without one. Who wrote the file chose its users and roles: roles are signed only with
--recorded-roles, for files that you trust.
Requests that can't be sent again unchanged are skipped: the body was stored only in part, a secret in it was masked, the token
was refused, its roles are not to be signed, or the client disconnected.

Examples:
  mozaiks-workbench replay traces.json
  mozaiks-workbench replay traces.json --plugin hello --ignore at --ignore 'items.*.id'
  mozaiks-workbench replay traces.json --trace 122ef623ba1510b6 --as admin --json

With --json: {"url","same","different","skipped","traces":[{"id","plugin","verdict","differences","reason","status","outcome",
"inProduction"?}]}. Without, stderr says where production would have answered otherwise: a line
for each call, and one for a plugin where it is so for all its calls.

${SETTINGS_NOTE}
Exit code 0: all answers are the same; 1: an answer differs; 3: nothing could be sent again; also Ctrl+C.`;

export const addReplay: AddCommand = (program, run) => {
  program
    .command('replay')
    .summary('send recorded requests again and compare the answers')
    .description(DESCRIPTION)
    .argument('<trace-file>', 'a trace file, exported as JSON')
    .option('--trace <id...>', 'only the traces with these ids (default: all)')
    .option('--plugin <name>', 'only the calls of this plugin (default: all)', pluginName)
    .option(
      '-i, --ignore <place...>',
      'a place in the body that may differ, * for any one key (default: none)',
    )
    .addOption(personaOption('send all as this persona (default: the recorded user)'))
    .addOption(tokenOption('send all with this bearer token: itself, @file, or env:NAME'))
    .option('--recorded-roles', 'sign the roles in the file, too (default: calls with roles are skipped)')
    .addOption(urlOption('send them to the runtime at this address'))
    .addOption(pluginsOption('; a runtime is started over it').conflicts('url'))
    .addOption(
      timeoutOption(
        "the plugins' timeout in a runtime started here (default: MOZAIKS_PLUGIN_TIMEOUT_SECONDS, else 30), else each call's (default: none)",
      ),
    )
    .addHelpText('after', MORE)
    .action(run(replay));
};

async function replay(
  context: CommandContext,
  file: string,
  options: ReplayOptions,
  command: Command,
): Promise<CommandResult> {
  const traces = selectTraces(await readTraces(file, context), options);
  const token = options.token === undefined ? null : await readToken(options.token, context);
  const target = await openTarget(context, {
    ...options,
    timeoutMs: options.timeout,
    only: [...new Set(traces.map(({ plugin }) => plugin))],
    write: () => undefined,
  });
  try {
    const { as, ignore = [], timeout, recordedRoles = false } = options;
    const input = { token, ignore, timeoutMs: timeout ?? null, persona: as, recordedRoles };
    const replayed = await replayAll(traces, target, input, context);
    const isJson = command.optsWithGlobals<{ json?: boolean }>().json === true;
    if (!isJson) context.terminal.err(formatProductionLines(replayed));
    return toResult(target, replayed);
  } finally {
    await target.close();
  }
}

function toResult(
  { baseUrl: url }: CallTarget,
  traces: Awaited<ReturnType<typeof replayAll>>,
): CommandResult {
  const [same, different, skipped] = (['same', 'differs', 'skipped'] as const).map((verdict) =>
    countVerdict(traces, verdict),
  );
  const unchanged = same === 0 ? EXIT.couldNotRun : EXIT.ok;
  const code = different === 0 ? unchanged : EXIT.failed;
  return { code, value: { url, same, different, skipped, traces }, text: formatReplay(traces) };
}

/** Oldest first. */
async function readTraces(file: string, { sources }: CommandContext): Promise<readonly Trace[]> {
  const path = resolve(sources.cwd, file);
  const text = await readText(file, path);
  const { readTraceFile } = await import('../../traces/files/trace-file.ts');
  const { createRedactor } = await import('../../traces/record/redact.ts');
  const { traces } = readTraceFile(basename(path), text, createRedactor([]));
  return [...traces].reverse();
}

/** @throws {WorkbenchError} NOT_FOUND */
async function readText(file: string, path: string): Promise<string> {
  try {
    return (await readBoundedFile(path, { maxBytes: MAX_TRACE_FILE_BYTES })).toString('utf8');
  } catch (error) {
    throw new WorkbenchError('NOT_FOUND', `${file} can't be read (${describeReadError(error)})`, {
      cause: error,
    });
  }
}

/** @throws {UsageError} when a named trace is missing, or none is left */
function selectTraces(traces: readonly Trace[], { trace: ids, plugin }: ReplayOptions): readonly Trace[] {
  const absent = ids?.find((id) => !traces.some((trace) => trace.id === id));
  if (absent !== undefined) throw new UsageError(`--trace ${absent}: the file has no trace with this id`);
  const left = traces.filter(
    (trace) => (ids?.includes(trace.id) ?? true) && (plugin === undefined || trace.plugin === plugin),
  );
  if (left.length > 0) return left;
  const names = [...new Set(traces.map((trace) => trace.plugin))].sort().join(', ');
  throw new UsageError(
    traces.length === 0 ? 'The file has no traces' : `No matching traces: the file has calls of ${names}`,
  );
}
