import { relative } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { loadPluginsPath } from '../config/config.ts';
import { type Language, parseLanguage } from '../contract/plugin-view.ts';
import { createPlugin } from '../plugins/authoring/scaffold.ts';
import type { AddCommand, CommandContext, CommandResult } from './command.ts';
import { EXIT } from './exit-code.ts';
import { pluginName, pluginsOption } from './options.ts';

interface NewOptions {
  readonly language: Language;
  readonly plugins?: string;
}

/** `new <name>`: creates a plugin that runs at once. */
export const addNew: AddCommand = (program, run) => {
  program
    .command('new')
    .summary('create a plugin that runs at once')
    .description(
      'Creates <plugins>/<name> with logic.ts, logic.js or logic.py and a manifest.json: a plugin that runs at once.',
    )
    .argument('<name>', 'letters, digits, _ and -, 64 at most; an existing folder is left alone', pluginName)
    .option('-l, --language <language>', 'ts, js or py', language, 'typescript')
    .addOption(pluginsOption())
    .addHelpText('after', '\nExample:\n  mozaiks-workbench new greeter --language py')
    .action(run(createNewPlugin));
};

async function createNewPlugin(
  { sources }: CommandContext,
  name: string,
  { language, plugins }: NewOptions,
): Promise<CommandResult> {
  const argv = plugins === undefined ? [] : ['--plugins', plugins];
  const { folder, files } = await createPlugin(await loadPluginsPath({ ...sources, argv }), {
    name,
    language,
  });
  const shown = relative(sources.cwd, folder);
  const text = [
    `Created ${shown.startsWith('..') ? folder : shown}: ${files.join(', ')}`,
    `Call it: curl -s http://127.0.0.1:8080/api/execute/${name} -d '{"greeting":"Hi"}'`,
    '',
  ].join('\n');
  return { code: EXIT.ok, value: { plugin: name, language, folder, files }, text };
}

function language(given: string): Language {
  const found = parseLanguage(given);
  if (found === undefined) throw new InvalidArgumentError('Give ts, js or py.');
  return found;
}
