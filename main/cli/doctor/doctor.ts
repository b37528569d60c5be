import { inOneLine } from '../../system/printable.ts';
import { type AddCommand, type CommandContext, type CommandResult, Interrupted } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { pluginsOption } from '../options.ts';
import { settingsHelp } from '../settings-help.ts';
import type { Finding } from './finding.ts';
import { inspectPlugins, inspectUserFolder, type PluginsSeen } from './folders.ts';
import { inspectMachine } from './machine.ts';
import { inspectPorts, inspectPython, inspectSettings } from './settings.ts';

/** `doctor`: whether this machine has what the workbench needs, and what to do if not. */

const DESCRIPTION = [
  'Checks what the workbench needs and gives a remedy for each problem: Node, display, Electron and its shared libraries,',
  "Python, the port and the program that uses it, the plugins' folder, the settings, the user's folder and the space for traces.",
  "Downloads and installs nothing and runs no plugin; a missing user's folder is created, as at any start.",
].join(' ');

const MORE = `
States: ok; warning, if something works only in part or differently; problem, if something that is needed does not work.
What only a window needs is a warning without a display, and Python is one if no plugin needs it.

Examples:
  mozaiks-workbench doctor
  mozaiks-workbench doctor --plugins ~/my-plugins
  mozaiks-workbench doctor --json | jq -r '.findings[] | select(.state == "problem") | .remedy'

With --json: {"problems","warnings","findings":[{"topic","state","message","remedy"}]}; "remedy" is null if the state is ok.

${settingsHelp()}
  ELECTRON_OVERRIDE_DIST_PATH    The folder of an unpacked Electron to use.
  DISPLAY, WAYLAND_DISPLAY       The display for the window (Linux).
  XDG_CONFIG_HOME                The folder that contains the user's folder (Linux; default: ~/.config).

Exit code 0: no problems, with or without warnings; 1: a problem, including an invalid setting.`;

interface DoctorOptions {
  readonly plugins?: string;
}

export const addDoctor: AddCommand = (program, run) => {
  program
    .command('doctor')
    .summary('check this machine, with a remedy for each problem')
    .description(DESCRIPTION)
    .addOption(pluginsOption())
    .addHelpText('after', MORE)
    .action(run(doctor));
};

async function doctor(context: CommandContext, { plugins }: DoctorOptions): Promise<CommandResult> {
  const { terminal } = context;
  terminal.draw('Inspecting this machine …');
  try {
    return toResult(await inspectAll(context, plugins));
  } catch (error) {
    throw context.signal.aborted ? new Interrupted() : error;
  } finally {
    terminal.draw(null);
  }
}

async function inspectAll(context: CommandContext, plugins: string | undefined): Promise<readonly Finding[]> {
  const sources = { ...context.sources, argv: plugins === undefined ? [] : [`--plugins=${plugins}`] };
  const [machine, { values, wrong, isPartial, findings }] = await Promise.all([
    inspectMachine(context),
    inspectSettings(sources),
  ]);
  // An invalid setting is already reported: what depends on it is skipped, everything else is inspected.
  const isKnown = (...names: readonly string[]) => !isPartial && !names.some((name) => wrong.has(name));
  const seen = isKnown('MOZAIKS_PLUGINS_PATH') ? await inspectPlugins(values.pluginsPath) : NOTHING_SEEN;
  const [python, ports, user] = await Promise.all([
    isKnown('MOZAIKS_PYTHON') ? [await inspectPython(values, sources, seen.hasPython)] : [],
    isKnown('PORT', 'HOST', 'MOZAIKS_DEV_ISSUER_PORT') ? inspectPorts(values, sources) : [],
    inspectUserFolder(sources.configPath, isKnown('MOZAIKS_TRACES_MAX_MB') ? values.tracesMaxMb : null),
  ]);
  return [...machine, ...findings, ...python, ...ports, ...seen.findings, ...user];
}

const NOTHING_SEEN: PluginsSeen = { findings: [], hasPython: false };

function toResult(findings: readonly Finding[]): CommandResult {
  const [problems = 0, warnings = 0] = (['problem', 'warning'] as const).map(
    (wanted) => findings.filter(({ state }) => state === wanted).length,
  );
  const summary = `${formatCount(problems, 'problem')}, ${formatCount(warnings, 'warning')}\n`;
  return {
    code: problems > 0 ? EXIT.failed : EXIT.ok,
    value: { problems, warnings, findings },
    text: `${findings.map(formatFinding).join('')}${summary}`,
  };
}

function formatCount(number: number, what: string): string {
  return `${number === 0 ? 'no' : number} ${what}${number === 1 ? '' : 's'}`;
}

const STATE_WIDTH = 'problem'.length + 2;
const TOPIC_WIDTH = 'User folder'.length + 2;

function formatFinding({ topic, state, message, remedy }: Finding): string {
  const head = `${state.padEnd(STATE_WIDTH)}${topic.padEnd(TOPIC_WIDTH)}`;
  const below = remedy === null ? '' : `${' '.repeat(head.length)}${inOneLine(remedy)}\n`;
  return `${head}${inOneLine(message)}\n${below}`;
}
