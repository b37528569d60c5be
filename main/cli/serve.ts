import { type Command, Option } from 'commander';
import { loadConfig } from '../config/config.ts';
import type { ConfigSources } from '../config/types.ts';
import { ROUTES } from '../contract/http.ts';
import { INSPECTOR_PATHS } from '../contract/inspector.ts';
import { MONGODB_VERSION } from '../contract/mongodb.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { type AddCommand, type CommandContext, type CommandResult, UsageError } from './command.ts';
import { EXIT } from './exit-code.ts';
import { pluginsOption } from './options.ts';
import { settingsHelp } from './settings-help.ts';
import type { HeadlessRuntime } from './target/headless-runtime.ts';

/** `serve`: the headless shell, with the window's runtime and its UI in a browser. */

interface ServeOptions {
  readonly port?: string;
  readonly host?: string;
  readonly plugins?: string;
  readonly authMode?: string;
  readonly devIssuer?: string | true;
  readonly asProduction?: string | true;
  readonly ui: boolean;
}

const DESCRIPTION = [
  'Serves the plugins of a folder according to the contract, reloads them when they change, and offers the UI to a browser:',
  'the same runtime as in the window.',
  '\n\nPrints the address it listens on, then the address of the UI, whose token grants access and changes with every start;',
  'a file that this goes to is made readable by you alone.',
  'Runs until Ctrl+C or SIGTERM, which stop it cleanly (exit code 0). The log goes to stderr.',
].join(' ');

const EXAMPLES = `
Examples:
  mozaiks-workbench serve
  mozaiks-workbench serve --port 9000 --plugins ~/my-plugins
  mozaiks-workbench serve --port 0 --no-ui --json > listening.json &    # for scripts: the address is in the file

With --json: {"url","ui","plugins","pid"} in one line once it listens; ui is null with --no-ui.`;

export const addServe: AddCommand = (program, run) => {
  program
    .command('serve')
    .summary('serve the plugins to clients and the UI to a browser')
    .description(DESCRIPTION)
    .addOption(
      once('--port <port>', 'the port; 0: any free port (default: PORT, else 8080 or the next free port)'),
    )
    .addOption(once('--host <address>', 'the address to listen on (default: HOST, else 127.0.0.1)'))
    .addOption(pluginsOption('; without both, the folder used last').argParser(given('--plugins')))
    .addOption(once('--auth-mode <mode>', 'local or external (default: MOZAIKS_AUTH_MODE, else local)'))
    .addOption(once('--dev-issuer [yes]', 'external mode with the development issuer (MOZAIKS_DEV_ISSUER)'))
    .addOption(
      once('--as-production [yes]', 'external mode, a mandatory token, no leeway (MOZAIKS_AS_PRODUCTION)'),
    )
    .option('--no-ui', 'serve only the contract, without the UI and its routes')
    .addHelpText('after', () => `${EXAMPLES}\n\n${settingsHelp()}`)
    .action(run(serve));
};

async function serve(
  context: CommandContext,
  options: ServeOptions,
  command: Command,
): Promise<CommandResult> {
  const { terminal, signal } = context;
  const config = await loadConfig({ ...context.sources, argv: toArguments(options) });
  const { createHeadlessRuntime } = await import('./target/headless-runtime.ts');
  const made = createHeadlessRuntime(config, context, {
    ui: options.ui,
    write: (line) => terminal.err(`${line}\n`),
  });
  const { runtime } = made;
  try {
    const started = await Promise.race([runtime.start().then(() => true), untilAborted(signal)]);
    if (started) {
      const isJson = command.optsWithGlobals<{ json?: boolean }>().json === true;
      terminal.outSecret(isJson ? formatJsonLine(made) : formatAddresses(made));
      await untilAborted(signal);
    }
  } finally {
    await runtime.stop();
  }
  return { code: EXIT.ok, value: null, text: '' };
}

function formatJsonLine(made: HeadlessRuntime): string {
  const { baseUrl: url, config } = made.runtime;
  return `${JSON.stringify({ url, ui: createUiAddress(made), plugins: config.pluginsPath, pid: process.pid })}\n`;
}

const DATABASES = {
  local: 'plugins have a local database, not MongoDB: set DATABASE_URI to use one\n',
  mongodb: `plugins have MongoDB ${MONGODB_VERSION}, downloaded\n`,
} as const;

function formatAddresses(made: HeadlessRuntime): string {
  const ui = createUiAddress(made);
  const { baseUrl, ownDatabase } = made.runtime;
  const database = ownDatabase === null ? '' : DATABASES[ownDatabase];
  return `listening on ${baseUrl}\n${ui === null ? '' : `open ${ui} in a browser\n`}${database}`;
}

function createUiAddress({
  runtime,
  launchToken,
}: {
  readonly runtime: Runtime;
  readonly launchToken: string | null;
}) {
  if (launchToken === null) return null;
  return `${runtime.baseUrl}${ROUTES.inspector}/${launchToken}/${INSPECTOR_PATHS.ui}`;
}

function untilAborted(signal: AbortSignal): Promise<false> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(false);
    signal.addEventListener('abort', () => resolve(false), { once: true });
  });
}

/**
 * Passed on as a command line to the settings, so that an invalid value is reported together with all others.
 */
function toArguments(options: ServeOptions): ConfigSources['argv'] {
  const { port, host, plugins, authMode, devIssuer, asProduction } = options;
  const given = {
    port,
    host,
    plugins,
    'auth-mode': authMode,
    'dev-issuer': devIssuer,
    'as-production': asProduction,
  };
  return Object.entries(given)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `--${name}${value === true ? '' : `=${value}`}`);
}

/** An option for a setting, which has one value. */
function once(flags: string, description: string): Option {
  const option = new Option(flags, description);
  return option.argParser(given(option.long ?? flags));
}

function given(option: string): (value: string, previous: string | undefined) => string {
  return (value, previous) => {
    if (previous !== undefined) throw new UsageError(`${option} is given twice: give it once`);
    return value;
  };
}
