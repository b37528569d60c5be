import { pluginNameProblem } from './contract/plugin-name.ts';
import type { PluginView } from './contract/plugin-view.ts';

/** What the command line asks for. Pure: nothing here reads or writes anything. */

export const USAGE = `Usage: mozaiks-workbench new <name> [--language ts|js|py] [--plugins DIR]

Makes a plugin that runs at once: <plugins>/<name> with logic.ts, logic.js or logic.py and a manifest.json.

  <name>           letters, digits, _ and -, 64 at most; a folder that is there already is left alone
  -l, --language   ts (the default), js or py; also typescript, javascript, python
  -p, --plugins    the plugins' folder; else MOZAIKS_PLUGINS_PATH, else ./plugins
  -h, --help       shows this

Exit code 0: made, 1: it could not be made, 2: the command makes no sense.
`;

export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly problem: string }
  | {
      readonly kind: 'new';
      readonly name: string;
      readonly language: PluginView['language'];
      /** As given; null where the settings decide. */
      readonly plugins: string | null;
    };

const LANGUAGES: ReadonlyMap<string, PluginView['language']> = new Map([
  ['ts', 'typescript'],
  ['typescript', 'typescript'],
  ['js', 'javascript'],
  ['javascript', 'javascript'],
  ['py', 'python'],
  ['python', 'python'],
]);

const OPTIONS: ReadonlyMap<string, 'language' | 'plugins'> = new Map([
  ['--language', 'language'],
  ['-l', 'language'],
  ['--plugins', 'plugins'],
  ['-p', 'plugins'],
]);

const wrong = (problem: string): Command => ({ kind: 'wrong', problem });

/** Reads the arguments after the program's name. Understands `--option value` and `--option=value`. */
export function parseCommand(argv: readonly string[]): Command {
  if (argv.includes('--help') || argv.includes('-h')) return { kind: 'help' };
  const [command, ...rest] = argv;
  if (command === undefined) return wrong('No command was given');
  if (command !== 'new') return wrong(`There is no command '${command}'; there is: new`);
  const words: string[] = [];
  const options: { language?: string; plugins?: string } = {};
  for (let given = rest.shift(); given !== undefined; given = rest.shift()) {
    if (!given.startsWith('-')) {
      words.push(given);
      continue;
    }
    const [text = '', inline] = given.split(/=(.*)/s, 2);
    const option = OPTIONS.get(text);
    if (option === undefined) return wrong(`There is no option '${text}'`);
    const value = inline ?? rest.shift();
    if (value === undefined || value === '') return wrong(`${text} needs a value`);
    if (options[option] !== undefined) return wrong(`${text} is given twice; give it once`);
    options[option] = value;
  }
  return newCommand(words, options);
}

function newCommand(words: readonly string[], options: { language?: string; plugins?: string }): Command {
  const [name, extra] = words;
  if (name === undefined) return wrong('The new plugin needs a name');
  if (extra !== undefined) return wrong(`One name at a time: '${extra}' is one too many`);
  const problem = pluginNameProblem(name);
  if (problem !== null) return wrong(problem);
  const language = LANGUAGES.get(options.language ?? 'ts');
  if (language === undefined) {
    return wrong(`'${options.language}' is no language for plugins: give ts, js or py`);
  }
  return { kind: 'new', name, language, plugins: options.plugins ?? null };
}
