import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config/config.ts';
import { WorkbenchError } from '../contract/errors.ts';
import { printableEntry } from '../system/printable.ts';
import { addCheck } from './check/check.ts';
import { type AddCommand, type CommandContext, Interrupted, type RunCommand, UsageError } from './command.ts';
import { addDoctor } from './doctor/doctor.ts';
import { addExec } from './exec/exec.ts';
import { EXIT, EXIT_CODES_HELP, type ExitCode } from './exit-code.ts';
import { addNew } from './new.ts';
import { addPlugins } from './plugins.ts';
import { addReplay } from './replay/replay.ts';
import { addServe } from './serve.ts';
import { addToken } from './token.ts';

/** Every command, in the order of the help. */
const COMMANDS: readonly AddCommand[] = [
  addServe,
  addCheck,
  addExec,
  addReplay,
  addToken,
  addNew,
  addPlugins,
  addDoctor,
];

/**
 * Runs one command line.
 * @param argv arguments after the program's name
 * @returns the exit code; nothing is thrown
 */
export async function runCommandLine(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  const json = argv.includes('--json');
  let code: ExitCode = EXIT.ok;
  const run: RunCommand =
    (action) =>
    async (...parsed) => {
      const result = await action(context, ...parsed);
      code = result.code;
      if (result.value === null) return;
      if (json) terminal.out(`${result.json ?? JSON.stringify(result.value, null, 2)}\n`);
      else if (result.isExact) terminal.outExactly(result.text);
      else terminal.out(result.text);
    };
  try {
    await createProgram(context, run).parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    return fail(error, context, json);
  }
}

function createProgram({ terminal }: CommandContext, run: RunCommand): Command {
  const program = new Command('mozaiks-workbench')
    .description(
      'Runs, checks and calls Mozaiks plugins according to the Runtime ↔ Platform Contract v1.0.0.',
    )
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .configureHelp({ showGlobalOptions: true })
    .option('--json', 'print the result, or the error, as JSON')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .addHelpText('afterAll', `\n${EXIT_CODES_HELP}`)
    .showSuggestionAfterError()
    .showHelpAfterError('(see --help)')
    .exitOverride();
  for (const add of COMMANDS) add(program, run);
  // Sub-commands created by `program.command` inherit the settings above.
  return program;
}

function fail(error: unknown, { terminal }: CommandContext, json: boolean): ExitCode {
  if (error instanceof CommanderError) {
    // Requested help ends this way too; errors were printed already.
    if (error.exitCode === 0) return EXIT.ok;
    if (json) terminal.out(errorJson('USAGE', error.message));
    return EXIT.usage;
  }
  const { code, kind, message } = describe(error);
  if (json) terminal.out(errorJson(kind, message));
  terminal.err(`${printableEntry(message)}\n`);
  return code;
}

function describe(error: unknown): {
  readonly code: ExitCode;
  readonly kind: string;
  readonly message: string;
} {
  if (error instanceof UsageError) return { code: EXIT.usage, kind: 'USAGE', message: error.message };
  if (error instanceof ConfigError) return { code: EXIT.usage, kind: 'SETTINGS', message: error.message };
  if (error instanceof WorkbenchError) {
    return { code: EXIT.couldNotRun, kind: error.code, message: error.message };
  }
  if (error instanceof Interrupted) {
    return { code: EXIT.couldNotRun, kind: 'INTERRUPTED', message: error.message };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: EXIT.couldNotRun, kind: 'INTERNAL_ERROR', message };
}

function errorJson(code: string, message: string): string {
  return `${JSON.stringify({ error: { code, message } }, null, 2)}\n`;
}
