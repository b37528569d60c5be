import './web-crypto.ts';
import { app, type BrowserWindow, dialog } from 'electron';
import { type Config, ConfigError, type ConfigSources, loadConfig, processSources } from './config.ts';
import { WorkbenchError } from './contract/errors.ts';
import { sendEvents, serveInspector } from './ipc.ts';
import { createLog, type Log } from './log.ts';
import { setMenu } from './menu.ts';
import { productFiles } from './product-files.ts';
import { createRuntime, type Runtime } from './runtime.ts';
import { createDesktop } from './shell/desktop.ts';
import { createRedactor } from './traces/redact.ts';
import { createWindow, denyPermissions, registerUiScheme, serveUi, UI_ORIGIN } from './window.ts';

/** The Electron shell: one runtime, one window. Exit code 2: a setting is wrong or its port is taken, 1: any other failure. */

const files = productFiles(import.meta.url);

async function start(): Promise<void> {
  // Electron and Chromium take their own switches; ours come after a bare `--`.
  const separator = process.argv.indexOf('--');
  const sources = processSources(separator === -1 ? [] : process.argv.slice(separator + 1));
  const config = await loadConfig(sources);
  const log = stderrLog(config);
  const runtime = createRuntime(config, {
    hostScripts: files.hostScripts,
    environment: sources.env,
    log,
    shell: 'electron',
    desktop: createDesktop(),
    headless: null,
  });
  stopBeforeQuit(runtime, log);
  await runtime.start();
  process.stdout.write(`listening on ${runtime.baseUrl}\n`);
  showWindow(openWindow(runtime, sources, log));
}

function openWindow(runtime: Runtime, sources: ConfigSources, log: Log): BrowserWindow {
  // electron-vite's development server, with hot module replacement; absent in the built product.
  const devServer = sources.env.ELECTRON_RENDERER_URL;
  const home = devServer ?? `${UI_ORIGIN}/index.html`;
  serveUi(files.ui);
  denyPermissions();
  serveInspector(runtime.inspector, devServer === undefined ? UI_ORIGIN : new URL(devServer).origin, log);
  const window = createWindow({ preload: files.preload, url: home, log });
  setMenu(window, home);
  const release = sendEvents(
    runtime.inspector,
    window.webContents,
    () => window.isVisible() && !window.isMinimized(),
  );
  window.once('closed', release);
  return window;
}

/** A second start brings the first one's window to the front. */
function showWindow(window: BrowserWindow): void {
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });
}

function stderrLog(config: Config): Log {
  const redactor = createRedactor(config.secrets);
  return createLog({
    write: (line) => process.stderr.write(`${line}\n`),
    redact: (text) => redactor.text(text),
  });
}

/** Quitting waits for the runtime, so that no plugin process is left behind; the runtime bounds the wait. */
function stopBeforeQuit(runtime: Runtime, log: Log): void {
  let stopping = false;
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (stopping) return;
    stopping = true;
    runtime
      .stop()
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
if (app.requestSingleInstanceLock()) app.whenReady().then(start).catch(fail);
else app.quit();
