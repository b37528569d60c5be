import { WorkbenchError } from '../contract/errors.ts';
import { authorizationHeader, type PluginListEntry, ROUTES } from '../contract/http.ts';
import { describeFolderDifference } from '../contract/production-differences.ts';
import type { FolderView } from '../contract/snapshot.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { httpCall } from '../system/http-call.ts';
import { inOneLine } from '../system/printable.ts';
import { TimeoutError, waitForEvent } from '../system/wait.ts';
import { type AddCommand, type CommandContext, type CommandResult, Interrupted } from './command.ts';
import { EXIT } from './exit-code.ts';
import { formatInProduction } from './in-production.ts';
import { readToken } from './input-values.ts';
import { type NamedPersona, personaOption, pluginsOption, tokenOption, urlOption } from './options.ts';
import { SETTINGS_NOTE } from './settings-help.ts';
import { type CallTarget, describeTargetRule, openTarget, toNotReady } from './target/call-target.ts';
import { personaToken } from './target/persona-token.ts';
import { parseBody } from './target/plugin-call.ts';

/** `plugins`: lists a runtime's plugins, as its clients see them. */

interface PluginsOptions {
  readonly url?: string;
  readonly plugins?: string;
  readonly as?: NamedPersona;
  readonly token?: string;
}

const DESCRIPTION =
  'Lists the plugins of a runtime as GET /api/plugins answers: name, version, status, and why a plugin does not load. ' +
  'Folders that are ignored, and why, go to stderr.';

const MORE = `
${describeTargetRule({ subject: 'Runtime asked', loads: 'all its plugins' })}

Examples:
  mozaiks-workbench plugins
  mozaiks-workbench plugins --plugins ./plugins --json | jq -r '.plugins[] | select(.status == "failed") | .name'

With --json: {"url","plugins"}, the list as the runtime answers it.

${SETTINGS_NOTE}
Exit code 0: every enabled plugin can be called; 1: a plugin does not load, or the runtime refuses the list.`;

export const addPlugins: AddCommand = (program, run) => {
  program
    .command('plugins')
    .summary('list the plugins of a runtime')
    .description(DESCRIPTION)
    .addOption(urlOption('ask the runtime at this address'))
    .addOption(pluginsOption('; a runtime is started over it').conflicts('url'))
    .addOption(personaOption('ask as this persona (default: without a token)'))
    .addOption(tokenOption())
    .addHelpText('after', MORE)
    .action(run(plugins));
};

async function plugins(context: CommandContext, options: PluginsOptions): Promise<CommandResult> {
  const given = options.token === undefined ? null : await readToken(options.token, context);
  const target = await openTarget(context, { ...options, write: () => undefined });
  try {
    assertFolder(target.started);
    const token = given ?? (await personaToken(target, options.as));
    const list = await listPlugins(target, token, context);
    if ('refusal' in list) {
      context.terminal.err(`${inOneLine(list.refusal)}\n`);
      return { code: EXIT.failed, value: { url: target.baseUrl, error: list.refusal }, text: '' };
    }
    context.terminal.err(target.started === null ? '' : formatFolder(target.started.engine.folder()));
    const isBroken = list.plugins.some(({ status }) => status === 'failed' || status === 'quarantined');
    return {
      code: isBroken ? EXIT.failed : EXIT.ok,
      value: { url: target.baseUrl, plugins: list.plugins },
      text: list.plugins.length === 0 ? 'No plugins.\n' : table(list.plugins),
    };
  } finally {
    await target.close();
  }
}

/** What is to be said of the folder itself. */
function formatFolder({ path, notice }: FolderView): string {
  const differs = describeFolderDifference(path);
  return `${notice === null ? '' : `${notice}\n`}${formatInProduction(differs === null ? [] : [differs])}`;
}

function table(list: readonly PluginListEntry[]): string {
  const rows = list.map(({ name, version, status, display_name: title, error }) => ({
    cells: [name, version, status].map(inOneLine),
    rest: inOneLine(error ?? title),
  }));
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map(({ cells }) => cells[column]?.length ?? 0)));
  const lines = rows.map(({ cells, rest }) =>
    [...cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)), rest].join('  ').trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

const LIST_TIMEOUT_MS = 10_000;
/** Hundreds of plugins compile in a few seconds. */
const LOADING_TIMEOUT_MS = 60_000;

/**
 * The list of plugins as a client gets it; from a runtime started here, once all of them have loaded.
 * @throws {WorkbenchError} NOT_READY when nothing answers; {Interrupted} on Ctrl+C
 */
async function listPlugins(
  { baseUrl, started }: CallTarget,
  token: string | null,
  { signal }: Pick<CommandContext, 'signal'>,
): Promise<{ readonly plugins: readonly PluginListEntry[] } | { readonly refusal: string }> {
  try {
    if (started !== null) await untilLoaded(started, signal);
    const { status, body } = await httpCall({
      method: 'GET',
      url: `${baseUrl}${ROUTES.plugins}`,
      body: null,
      timeoutMs: LIST_TIMEOUT_MS,
      signal,
      headers: authorizationHeader(token),
    });
    const answer = parseBody(body) as { readonly plugins?: unknown; readonly detail?: unknown } | null;
    if (status === 200 && Array.isArray(answer?.plugins)) return { plugins: answer.plugins };
    const detail = typeof answer?.detail === 'string' ? `: ${answer.detail}` : '';
    const remedy = status === 401 ? '; give --as or --token' : '';
    return { refusal: `${baseUrl} does not list its plugins (${status}${detail})${remedy}` };
  } catch (error) {
    throw signal.aborted ? new Interrupted() : toNotReady(baseUrl, error);
  }
}

/** @throws {WorkbenchError} NOT_FOUND when there is no such folder: an empty list would hide that */
function assertFolder(started: Runtime | null): void {
  const folder = started?.engine.folder();
  if (folder?.state !== 'missing') return;
  throw new WorkbenchError(
    'NOT_FOUND',
    `The plugins' folder ${folder.path} does not exist: create it, or give --plugins`,
  );
}

/** Resolves when no plugin is loading any more, or after a minute: then the list says which still are. */
async function untilLoaded({ engine }: Runtime, signal: AbortSignal): Promise<void> {
  const isLoaded = () => engine.list().every(({ status }) => status !== 'loading');
  const subscribe = (listener: (isLoaded: boolean) => void) => {
    const unsubscribe = engine.on('changed', () => listener(isLoaded()));
    listener(isLoaded());
    return unsubscribe;
  };
  try {
    await waitForEvent(subscribe, { timeoutMs: LOADING_TIMEOUT_MS, signal, accept: Boolean });
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
  }
}
