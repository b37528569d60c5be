import type { Command } from 'commander';
import { executePath } from '../../contract/http.ts';
import { joinMembers, membersOf } from '../../contract/json-members.ts';
import { formatJson, scanJson } from '../../contract/json-text.ts';
import type { PersonaSubscription } from '../../contract/persona-subscription.ts';
import type { Trace } from '../../contract/trace.ts';
import type { AddCommand, CommandContext, CommandResult } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { formatInProduction } from '../in-production.ts';
import { readJsonObject, readToken } from '../input-values.ts';
import {
  type NamedPersona,
  personaOption,
  planOption,
  pluginName,
  pluginsOption,
  tiersOption,
  timeoutOption,
  tokenOption,
  urlOption,
} from '../options.ts';
import { SETTINGS_NOTE } from '../settings-help.ts';
import { type CallTarget, describeTargetRule, openTarget } from '../target/call-target.ts';
import { personaToken } from '../target/persona-token.ts';
import { type CallAnswer, callPlugin, findTrace, parseBody } from '../target/plugin-call.ts';
import { describeFailure, formatDetails } from './output.ts';

/** `exec <plugin>`: one call of one plugin, as any client would make it. */

interface ExecOptions {
  readonly data: string;
  readonly as?: NamedPersona;
  readonly token?: string;
  readonly plan?: string;
  readonly tiers?: PersonaSubscription['tiers'];
  readonly url?: string;
  readonly plugins?: string;
  readonly timeout?: number;
  readonly context?: true;
  readonly verbose?: true;
}

const DESCRIPTION = [
  'Calls a plugin over HTTP, as any client would. Only its answer goes to stdout: unchanged, or formatted when stdout is a terminal.',
  'An error is one line on stderr.',
].join(' ');

const MORE = `
${describeTargetRule({ subject: 'Runtime called', loads: 'the called plugin' })}
Calls as a persona use tokens signed here, with JWT_SECRET (default: a stored secret per user) or by the development issuer.

Examples:
  mozaiks-workbench exec hello --data '{"greeting":"Hi"}' | jq -r .message
  echo '{"greeting":"Hi"}' | mozaiks-workbench exec hello --data - --as admin
  mozaiks-workbench exec hello --plugins ./plugins --data @case.json --timeout 2 --verbose
  mozaiks-workbench exec videos --as user --plan team --tiers videos=pro
  mozaiks-workbench exec hello --url https://runtime.example --token env:TOKEN --json

With --json: {"plugin","url","status","headers","body","durationMs","outcome","errorCode","trace"?}. outcome is ok, plugin_error,
exception, timeout, crashed or refused; status is null without an answer in time; trace is present when a runtime was started.

What the plugin did and what rules found, as --context prints them, are in trace.children and trace.findings.
Where production would have answered otherwise, a line on stderr says how; with --json it is in trace.inProduction.

${SETTINGS_NOTE}
Exit code 0: the plugin answered 200; 1: any other answer, or none in time; 3: also Ctrl+C.`;

export const addExec: AddCommand = (program, run) => {
  program
    .command('exec')
    .summary('call a plugin and print its answer')
    .description(DESCRIPTION)
    .argument('<plugin>', "the plugin's name", pluginName)
    .option('-d, --data <json>', 'the JSON object to send: itself, @file, or - for the standard input', '{}')
    .addOption(personaOption('call as this persona (default: without a token)'))
    .addOption(tokenOption())
    .addOption(planOption())
    .addOption(tiersOption())
    .addOption(urlOption('call the runtime at this address'))
    .addOption(pluginsOption('; a runtime is started over it').conflicts('url'))
    .addOption(
      timeoutOption(
        "the plugin's timeout in a runtime started here (default: MOZAIKS_PLUGIN_TIMEOUT_SECONDS, else 30), else the call's (default: none)",
      ),
    )
    .option(
      '-c, --context',
      'also print on stderr what the plugin received, what it did outside its own code (database commands, HTTP requests) and findings about it, in a runtime started here',
    )
    .option('-v, --verbose', 'the same, plus console output, steps and log')
    .addHelpText('after', MORE)
    .action(run(exec));
};

async function exec(
  context: CommandContext,
  plugin: string,
  options: ExecOptions,
  command: Command,
): Promise<CommandResult> {
  const { terminal } = context;
  const body = await readJsonObject('--data', options.data, context);
  const given = options.token === undefined ? null : await readToken(options.token, context);
  const target = await openTarget(context, {
    ...options,
    timeoutMs: options.timeout,
    only: [plugin],
    write: (line) => options.verbose && terminal.err(`${line}\n`),
  });
  try {
    const token = given ?? (await personaToken(target, options.as));
    const subscribed = await storeSubscription(target, token, options);
    if (subscribed !== null) terminal.err(`${subscribed}\n`);
    const call = { name: plugin, path: executePath(plugin), body, token };
    const called = await callPlugin(target, { ...call, timeoutMs: options.timeout ?? null }, context);
    const trace = target.started === null ? null : await findTrace(target.started, called);
    const result = withTrace(called, trace);
    const isJson = command.optsWithGlobals<{ json?: boolean }>().json === true;
    if (!isJson) terminal.err(formatDetails({ target, trace, options, ...result }));
    if (result.outcome !== 'ok')
      terminal.err(`${await describeFailure({ target, plugin, token, ...result })}\n`);
    if (!isJson) terminal.err(formatInProduction(trace?.inProduction));
    const value = jsonValue(plugin, target, result, trace);
    return {
      code: result.outcome === 'ok' ? EXIT.ok : EXIT.failed,
      value,
      json: writeExactly(value, result),
      text: bodyText(result, terminal.isOutInteractive),
      isExact: !terminal.isOutInteractive,
    };
  } finally {
    await target.close();
  }
}

/** @returns what to say about it; null where there is nothing */
async function storeSubscription(
  target: CallTarget,
  token: string | null,
  { plan, tiers = {} }: ExecOptions,
): Promise<string | null> {
  if (plan === undefined && Object.keys(tiers).length === 0) return null;
  const { actAs } = await import('../target/act-as.ts');
  return actAs(target, token, plan === undefined ? { tiers } : { plan, tiers });
}

/**
 * The trace records how the call ended; the answer only suggests it: a plugin's own error may look like any
 * other.
 */
function withTrace(called: CallAnswer, trace: Trace | null): CallAnswer {
  return trace === null ? called : { ...called, outcome: trace.outcome, errorCode: trace.errorCode };
}

function jsonValue(
  plugin: string,
  { baseUrl: url }: CallTarget,
  called: CallAnswer,
  trace: Trace | null,
): object {
  const { answer, durationMs, outcome, errorCode } = called;
  return {
    plugin,
    url,
    status: answer?.status ?? null,
    headers: answer?.headers ?? {},
    body: answer === null ? null : parseBody(answer.body),
    durationMs: Math.round(durationMs * 10) / 10,
    outcome,
    errorCode,
    trace: trace ?? undefined,
  };
}

/** The value as text with the answer's body as it came: its numbers are the client's and the plugin's. */
function writeExactly(value: object, { answer }: CallAnswer): string | undefined {
  const body = answer?.body ?? '';
  if (scanJson(body).problem !== null) return undefined;
  const members = membersOf(JSON.stringify(value));
  const exact = members.map((member) => (member.key === 'body' ? { key: 'body', text: body } : member));
  return formatJson(joinMembers(exact)) ?? undefined;
}

function bodyText({ answer }: CallAnswer, forPerson: boolean): string {
  if (answer === null || answer.body === '') return '';
  const text = forPerson ? (formatJson(answer.body) ?? answer.body) : answer.body;
  return text.endsWith('\n') ? text : `${text}\n`;
}
