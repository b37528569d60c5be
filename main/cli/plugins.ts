import type { PluginListEntry } from '../contract/http.ts';
import type { AddCommand, CommandContext, CommandResult } from './command.ts';
import { EXIT } from './exit-code.ts';
import { readToken } from './input-values.ts';
import { type NamedPersona, personaOption, pluginsOption, tokenOption, urlOption } from './options.ts';
import { assertFolder, listPlugins } from './plugin-list.ts';
import { printable } from './printable.ts';
import { SETTINGS_NOTE } from './settings-help.ts';
import { openTarget, TARGET_HELP } from './target/call-target.ts';
import { personaToken } from './target/persona-token.ts';

/** `plugins`: what a runtime has loaded, as its clients see it. */

interface PluginsOptions {
  readonly url?: string;
  readonly plugins?: string;
  readonly as?: NamedPersona;
  readonly token?: string;
}

const DESCRIPTION =
  'Lists the plugins of a runtime as GET /api/plugins answers: name, version, status, and for one that does not load the reason.';

const MORE = `
${TARGET_HELP.replace('Where it is called', 'Which runtime is asked').replace('for this alone', 'for this alone, which loads them all')}

Examples:
  mozaiks-workbench plugins
  mozaiks-workbench plugins --plugins ./plugins --json | jq -r '.plugins[] | select(.status == "failed") | .name'

With --json: {"url","plugins"}, the list as the runtime answers it.

${SETTINGS_NOTE}
Exit code 0 means that every plugin that is enabled would execute; 1 that one does not load, or that the list is refused.`;

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
      context.terminal.err(`${printable(list.refusal)}\n`);
      return { code: EXIT.failed, value: { url: target.baseUrl, error: list.refusal }, text: '' };
    }
    const isBroken = list.plugins.some(({ status }) => status === 'failed' || status === 'quarantined');
    return {
      code: isBroken ? EXIT.failed : EXIT.ok,
      value: { url: target.baseUrl, plugins: list.plugins },
      text: list.plugins.length === 0 ? 'There is no plugin.\n' : table(list.plugins),
    };
  } finally {
    await target.close();
  }
}

function table(list: readonly PluginListEntry[]): string {
  const rows = list.map(({ name, version, status, display_name: title, error }) => ({
    cells: [name, version, status],
    rest: error ?? title,
  }));
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map(({ cells }) => cells[column]?.length ?? 0)));
  const lines = rows.map(({ cells, rest }) =>
    printable([...cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)), rest].join('  ')).trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}
