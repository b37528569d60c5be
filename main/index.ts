import './bin/fallback-electron/web-crypto.ts';
import { app, type BrowserWindow, dialog, Menu } from 'electron';
import { ConfigError, loadConfig, processSources } from './config/config.ts';
import type { Config, ConfigSources } from './config/types.ts';
import { WorkbenchError } from './contract/errors.ts';
import type { StartupError } from './contract/startup-error.ts';
import { markFailures } from './desktop/badge.ts';
import { endAfterCrash } from './desktop/crash.ts';
import { createDesktop } from './desktop/desktop.ts';
import { exitSurely } from './desktop/exit.ts';
import { sendEvents, serveInspector } from './desktop/ipc.ts';
import { keepMenu } from './desktop/menu.ts';
import { type PageSource, resolvePages } from './desktop/pages.ts';
import { createShutdown } from './desktop/shutdown.ts';
import { isOnlyInstance, onSecondInstance } from './desktop/single-instance.ts';
import { createStartupErrorHandlers, describeStartupError } from './desktop/startup-error.ts';
import {
  createStartupErrorWindow,
  createWindow,
  denyPermissions,
  pageStarted,
  registerUiScheme,
  serveUi,
  UI_ORIGIN,
} from './desktop/window.ts';
import { createCommandSender, sendEvent } from './desktop/window-commands.ts';
import { loadWindowStore, type WindowStore } from './desktop/window-store.ts';
import { productFiles } from './runtime/product-files.ts';
import { createRuntime, type Runtime } from './runtime/runtime.ts';
import { createLog, type Log } from './system/log.ts';
import { printableEntry } from './system/printable.ts';
import { createRedactor } from './traces/record/redact.ts';

/**
 * The Electron shell: one runtime, one window. Exit code 2: a setting is wrong or its port is taken, 1: any
 * other failure.
 */

const files = productFiles(import.meta.url);

/** Exit code for what the user can fix. */
const EXIT_USER_ERROR = 2;

/** On the command line, before the bare `--`: pages may come from electron-vite's server (bin/dev.mjs). */
const DEV_SERVER_SWITCH = 'dev-server';

const shutdown = createShutdown(createLog({ write: writeError }));

interface Shell {
  readonly sources: ConfigSources;
  readonly windowStore: WindowStore;
  readonly pages: PageSource;
  /** The window to bring to the front; null until there is one. */
  window: BrowserWindow | null;
}

async function start(): Promise<void> {
  const log = createLog({ write: writeError });
  const sources = processSources(ownArguments());
  const shell: Shell = {
    sources,
    windowStore: await loadWindowStore(log),
    window: null,
    pages: resolvePages(UI_ORIGIN, {
      devServer: sources.env.ELECTRON_RENDERER_URL,
      isDevelopment: app.commandLine.hasSwitch(DEV_SERVER_SWITCH),
    }),
  };
  serveUi(files.ui);
  denyPermissions();
  onSecondInstance(() => shell.window);
  const outcome = await attempt(shell, {});
  if (outcome.startupError === null) await openWorkbench(shell, outcome);
  else askUntilStarted(shell, outcome.startupError, log);
}

/** Electron and Chromium take their own switches; ours come after a bare `--`. */
function ownArguments(): readonly string[] {
  const separator = process.argv.indexOf('--');
  return separator === -1 ? [] : process.argv.slice(separator + 1);
}

interface Listening {
  readonly startupError: null;
  readonly runtime: Runtime;
  readonly log: Log;
}
type StartResult = Listening | { readonly startupError: StartupError };

/** Makes the runtime listen, or returns what a person can fix; anything else is thrown. */
async function attempt(
  { sources, windowStore }: Shell,
  chosen: Readonly<Record<string, string>>,
): Promise<StartResult> {
  let config: Config | null = null;
  try {
    config = await loadConfig({ ...sources, chosen });
    const log = stderrLog(config);
    const runtime = createRuntime(config, {
      hostScripts: files.hostScripts,
      threadScripts: files.threadScripts,
      databaseScript: files.databaseScript,
      environment: sources.env,
      log,
      shell: 'electron',
      desktop: createDesktop(windowStore),
      headless: null,
    });
    shutdown.stop = () => Promise.all([runtime.stop(), windowStore.flush()]);
    await runtime.listen();
    shutdown.code = 0;
    return { startupError: null, runtime, log };
  } catch (error) {
    const startupError = await describeStartupError(error, config);
    if (startupError === null) throw error;
    await shutdown.stop();
    shutdown.stop = () => windowStore.flush();
    shutdown.code = EXIT_USER_ERROR;
    writeError(printableEntry(messageOf(error)));
    return { startupError };
  }
}

/** A small window says what is wrong, until the workbench has started and replaces it. */
function askUntilStarted(shell: Shell, startupError: StartupError, log: Log): void {
  const { preload } = files;
  // The menu of the workbench acts on a page that isn't there yet.
  Menu.setApplicationMenu(
    process.platform === 'darwin'
      ? Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }])
      : null,
  );
  shell.window = createStartupErrorWindow(
    { preload, log, url: `${shell.pages.base}/startup-error.html` },
    startupError.kind,
  );
  let started: StartResult | null = null;
  const handlers = createStartupErrorHandlers({
    startupError,
    quit: () => app.quit(),
    onFailed: fail,
    async attempt(chosen) {
      started = await attempt(shell, chosen);
      return started.startupError;
    },
    onStarted() {
      stopServing();
      if (started?.startupError !== null) return;
      openWorkbench(shell, started).catch(fail);
    },
  });
  const stopServing = serveInspector(handlers, shell.pages.origin, log);
}

/** The window opens while the plugins are scanned and loaded, which may take seconds. */
async function openWorkbench(shell: Shell, { runtime, log }: Listening): Promise<void> {
  const before = shell.window;
  const window = await openWindow(shell, runtime, log);
  before?.destroy();
  await pageStarted(window);
  await runtime.start();
  // Whoever started the workbench over a folder has agreed that its code runs.
  await runtime.folders.agree(runtime.config.pluginsPath);
  process.stdout.write(`listening on ${runtime.baseUrl}\n`);
}

async function openWindow(shell: Shell, runtime: Runtime, log: Log): Promise<BrowserWindow> {
  const { windowStore, pages } = shell;
  const { inspector, engine, folders } = runtime;
  serveInspector(inspector, pages.origin, log);
  const window = createWindow({ preload: files.preload, log, windowStore, url: `${pages.base}/index.html` });
  shell.window = window;
  const isSeen = () => window.isVisible() && !window.isMinimized();
  const subscriptions = [sendEvents(inspector, window.webContents, isSeen), markFailures(engine, window)];
  window.once('closed', () => {
    for (const unsubscribe of subscriptions) unsubscribe();
  });
  windowStore.onAppearance((appearance) => sendEvent(window, 'appearance', appearance));
  const { documentation } = files;
  const baseUrl = () => runtime.baseUrl;
  await keepMenu({
    window,
    windowStore,
    folders,
    baseUrl,
    documentation,
    log,
    send: createCommandSender(window),
  });
  return window;
}

function stderrLog(config: Config): Log {
  const redactor = createRedactor(config.secrets);
  return createLog({ write: writeError, redact: (text) => redactor.text(text) });
}

function writeError(line: string): void {
  process.stderr.write(`${line}\n`);
}

function messageOf(error: unknown): string {
  if (error instanceof ConfigError || error instanceof WorkbenchError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/**
 * For what the user can't fix. The log gets the message first: the box blocks everything until it is closed.
 */
function fail(error: unknown): void {
  const text = printableEntry(messageOf(error));
  writeError(text);
  dialog.showErrorBox('The Mozaiks Workbench could not start', text);
  app.exit(1);
}

let isEnding = false;

/** As Node and headless runs do: after an uncaught error, nothing this process says can be trusted. */
function crash(error: unknown): void {
  const text = printableEntry(messageOf(error));
  writeError(text);
  if (isEnding) return;
  isEnding = true;
  endAfterCrash({
    stop: () => shutdown.stop(),
    showBox: async () => {
      // Unlike the error box, it doesn't block: the runtime stops meanwhile.
      const box = { type: 'error', message: 'The Mozaiks Workbench crashed', detail: text } as const;
      if (app.isReady()) await dialog.showMessageBox(box);
    },
    exit: () => exitSurely(1),
  });
}

// Chromium's sandbox does not work for root, as the start says; asking for it all the same would end every
// child process.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
process.on('uncaughtException', crash);
// The terminal it was started from may be closed before the window is.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
registerUiScheme();
app.on('window-all-closed', () => app.quit());
if (isOnlyInstance(ownArguments(), process.cwd())) app.whenReady().then(start).catch(fail);
else {
  process.stdout.write('The workbench is already running: showing its window.\n');
  app.quit();
}
