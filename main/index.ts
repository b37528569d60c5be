import './web-crypto.ts';
import { app, dialog } from 'electron';
import { type Config, ConfigError, type ConfigSources, loadConfig, processSources } from './config.ts';
import { WorkbenchError } from './contract/errors.ts';
import { sendEvents, serveInspector } from './ipc.ts';
import { createLog, type Log } from './log.ts';
import { keepMenu } from './menu.ts';
import { productFiles } from './product-files.ts';
import { createRuntime, type Runtime } from './runtime.ts';
import { markFailures } from './shell/badge.ts';
import { commandsTo, sendEvent } from './shell/commands.ts';
import { createDesktop } from './shell/desktop.ts';
import { isOnlyInstance, welcomeSecondInstance } from './shell/instance.ts';
import { type KeptWindow, loadKeptWindow } from './shell/kept-window.ts';
import { createRedactor } from './traces/redact.ts';
import { createWindow, denyPermissions, registerUiScheme, serveUi, UI_ORIGIN } from './window.ts';

/** The Electron shell: one runtime, one window. Exit code 2: a setting is wrong or its port is taken, 1: any other failure. */

const files = productFiles(import.meta.url);

async function start(): Promise<void> {
  const sources = processSources(ownArguments());
  const config = await loadConfig(sources);
  const log = stderrLog(config);
  const kept = await loadKeptWindow(log);
  const runtime = createRuntime(config, {
    hostScripts: files.hostScripts,
    traceWorker: files.traceWorker,
    environment: sources.env,
    log,
    shell: 'electron',
    desktop: createDesktop(kept),
    headless: null,
  });
  stopBeforeQuit(() => Promise.all([runtime.stop(), kept.flush()]), log);
  await runtime.listen();
  // The window comes up while the plugins are scanned and loaded, which may take seconds.
  await openWindow(runtime, sources, kept, log);
  await runtime.start();
  process.stdout.write(`listening on ${runtime.baseUrl}\n`);
}

/** Electron and Chromium take their own switches; ours come after a bare `--`. */
function ownArguments(): readonly string[] {
  const separator = process.argv.indexOf('--');
  return separator === -1 ? [] : process.argv.slice(separator + 1);
}

async function openWindow(
  runtime: Runtime,
  sources: ConfigSources,
  kept: KeptWindow,
  log: Log,
): Promise<void> {
  // electron-vite's development server, with hot module replacement; absent in the built product.
  const devServer = sources.env.ELECTRON_RENDERER_URL;
  const { inspector, engine, folders } = runtime;
  serveUi(files.ui);
  denyPermissions();
  serveInspector(inspector, devServer === undefined ? UI_ORIGIN : new URL(devServer).origin, log);
  const window = createWindow({
    ...{ preload: files.preload, log, kept },
    url: devServer ?? `${UI_ORIGIN}/index.html`,
  });
  const isSeen = () => window.isVisible() && !window.isMinimized();
  const undo = [sendEvents(inspector, window.webContents, isSeen), markFailures(engine, window)];
  window.once('closed', () => {
    for (const release of undo) release();
  });
  kept.onAppearance((appearance) => sendEvent(window, 'appearance', appearance));
  welcomeSecondInstance(window);
  const { documentation } = files;
  const baseUrl = () => runtime.baseUrl;
  await keepMenu({ ...{ window, kept, folders, baseUrl, documentation, log }, send: commandsTo(window) });
}

function stderrLog(config: Config): Log {
  const redactor = createRedactor(config.secrets);
  return createLog({
    write: (line) => process.stderr.write(`${line}\n`),
    redact: (text) => redactor.text(text),
  });
}

/** Quitting waits for the runtime, so that no plugin process is left behind; the runtime bounds the wait. */
function stopBeforeQuit(stop: () => Promise<unknown>, log: Log): void {
  let stopping = false;
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (stopping) return;
    stopping = true;
    stop()
      .catch((error: unknown) => log.error('The runtime did not stop cleanly', error))
      .finally(() => app.exit(0));
  });
}

function fail(error: unknown): void {
  const expected = error instanceof ConfigError || error instanceof WorkbenchError;
  const text = expected
    ? error.message
    : error instanceof Error
      ? (error.stack ?? error.message)
      : String(error);
  process.stderr.write(`${text}\n`);
  dialog.showErrorBox('The Mozaiks Workbench could not start', text);
  app.exit(expected ? 2 : 1);
}

// Root can't have Chromium's sandbox, and is told so at start; asking for it all the same would end every child process.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
registerUiScheme();
app.on('window-all-closed', () => app.quit());
if (isOnlyInstance(ownArguments(), process.cwd())) app.whenReady().then(start).catch(fail);
else {
  process.stdout.write('The workbench is running already; its window comes to the front.\n');
  app.quit();
}
