import { describeDelivery } from '../../contract/delivery.ts';
import type { Trace } from '../../contract/trace.ts';
import { inOneLine, printableEntry } from '../../system/printable.ts';
import type { CallTarget } from '../target/call-target.ts';
import { describeMissingPlugin } from '../target/known-plugins.ts';
import { type CallAnswer, parseBody } from '../target/plugin-call.ts';
import { formatInside, milliseconds } from './inside.ts';

/** What `exec` prints on stderr. */

interface Called extends CallAnswer {
  readonly target: CallTarget;
}

interface DetailOptions {
  readonly context?: true;
  readonly verbose?: true;
}

/** One line: how the call ended, and why. */
export async function describeFailure({
  target,
  plugin,
  token,
  answer,
  outcome,
  errorCode,
  durationMs,
}: Called & { readonly plugin: string; readonly token: string | null }): Promise<string> {
  if (answer === null) return `${plugin}: ${outcome}, no answer within ${seconds(durationMs)}`;
  const head = `${plugin}: ${outcome} (${[answer.status, errorCode].filter((part) => part !== null).join(' ')})`;
  const why = await findReason({ target, plugin, token, answer });
  return inOneLine(why === null ? head : `${head}: ${why}`);
}

async function findReason({
  target,
  plugin,
  token,
  answer,
}: Pick<Called, 'target'> & {
  readonly plugin: string;
  readonly token: string | null;
  readonly answer: NonNullable<CallAnswer['answer']>;
}): Promise<string | null> {
  if (answer.status === 404) return describeMissingPlugin(target, plugin, token);
  const reason = findDetail(answer.body);
  if (answer.status !== 401) return reason;
  const remedy = token === null ? 'give --as user or --token' : 'is it signed for this runtime?';
  return reason === null ? remedy : `${reason}; ${remedy}`;
}

/** The first line of the answer's own message. */
function findDetail(body: string): string | null {
  const value = parseBody(body);
  if (typeof value !== 'object' || value === null) return null;
  const { detail, details } = value as { readonly detail?: unknown; readonly details?: unknown };
  const message = detail ?? details;
  return typeof message === 'string' ? (message.split('\n')[0] ?? null) : null;
}

/** The details requested with options. */
export function formatDetails({
  target,
  trace,
  options,
  ...called
}: Called & { readonly trace: Trace | null; readonly options: DetailOptions }): string {
  const { context, verbose } = options;
  if (!context && !verbose) return '';
  const lines = [
    ...(verbose ? [describeTarget(target)] : []),
    ...(trace === null ? [describeMissingTrace(target)] : [...formatReceived(trace), ...formatInside(trace)]),
    ...(verbose && trace !== null ? formatEvents(trace) : []),
    ...(verbose ? [`Ended: ${describeEnd(called)}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function describeTarget({ baseUrl, started }: CallTarget): string {
  if (started === null) return `Called the running runtime at ${baseUrl}`;
  return `Called ${baseUrl}, started for this call over ${started.config.pluginsPath}`;
}

function describeMissingTrace({ started }: CallTarget): string {
  if (started !== null) return 'The call left no trace';
  return "What the plugin received is in that runtime's traces; with --plugins it is shown here, from a runtime started for the call";
}

function formatReceived({ received }: Trace): readonly string[] {
  if (received === null) return ['The plugin received nothing: it did not run'];
  return ['The plugin received:', JSON.stringify(received, null, 2)];
}

function formatEvents({ console: printed, events, spans }: Trace): readonly string[] {
  const lines = [
    ...printed.map(({ atMs, level, text }) => ({ atMs, line: `${level.padEnd(5)} ${text}` })),
    ...events.map(({ atMs, kind, name, detail }) => ({
      atMs,
      line: `${kind} ${name} ${kind === 'delivered' ? describeDelivery(detail) : detail}`,
    })),
  ].sort((a, b) => a.atMs - b.atMs);
  const steps = spans.map(
    ({ step, durationMs, ok }) => `${step} ${milliseconds(durationMs)}${ok ? '' : ' ✗'}`,
  );
  return [
    ...(lines.length === 0 ? [] : ['Output:']),
    ...lines.map(({ atMs, line }) => printableEntry(`  ${milliseconds(atMs).padStart(9)}  ${line}`)),
    `Steps: ${steps.join(', ')}`,
  ];
}

function describeEnd({ answer, outcome, durationMs }: CallAnswer): string {
  const status = answer === null ? 'without an answer' : `with status ${answer.status}`;
  return `${outcome}, ${status}, after ${milliseconds(durationMs)}`;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
