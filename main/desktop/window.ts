import { readFile } from 'node:fs/promises';
import {
  BrowserWindow,
  type BrowserWindowConstructorOptions,
  protocol,
  session,
  type WebContents,
} from 'electron';
import type { Log } from '../system/log.ts';
import { findStaticFile, UI_HEADERS } from '../system/static-files.ts';
import { DEFAULT_SIZE, MIN_SIZE } from './window-state.ts';
import { backgroundColor, type WindowStore } from './window-store.ts';

/**
 * The one window. Threat model: it shows text that plugins and clients made up. It runs sandboxed, without
 * Node, from a scheme of its own that serves only the built UI; it can't navigate, open windows, embed pages
 * or ask for permissions.
 */

const UI_SCHEME = 'workbench';
/** Origin of the built UI. */
export const UI_ORIGIN = `${UI_SCHEME}://app`;

/** Must run before the app is ready. */
export function registerUiScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: UI_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/**
 * Serves `folder` under the UI's scheme; anything outside it is 404. A file is read whole, not streamed: a
 * page that dies meanwhile cancels the stream, which a Node as old as the fallback Electron's answers with an
 * uncaught error.
 */
export function serveUi(folder: string): void {
  protocol.handle(UI_SCHEME, async (request) => {
    const { host, pathname } = new URL(request.url);
    const file = host === 'app' ? await findStaticFile(folder, pathname.slice(1)) : null;
    if (file === null) return new Response('Not found', { status: 404 });
    return new Response(await readFile(file.path), {
      headers: { ...UI_HEADERS, 'Content-Type': file.contentType },
    });
  });
}

/**
 * Nothing the window shows may ask for the camera, the clipboard's content, notifications or anything else.
 */
export function denyPermissions(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, permission, decide) =>
    decide(permission === 'clipboard-sanitized-write'),
  );
  session.defaultSession.setPermissionCheckHandler(
    (_contents, permission) => permission === 'clipboard-sanitized-write',
  );
}

export interface PageOptions {
  readonly preload: string;
  /** Page to load: the UI's scheme, or the development server. */
  readonly url: string;
  readonly log: Log;
}

export interface WindowOptions extends PageOptions {
  readonly windowStore: WindowStore;
}

/** Opens the window; it shows itself when its first frame is painted. */
export function createWindow({ preload, url, log, windowStore }: WindowOptions): BrowserWindow {
  const place = {
    ...(windowStore.bounds() ?? DEFAULT_SIZE),
    minWidth: MIN_SIZE.width,
    minHeight: MIN_SIZE.height,
  };
  const window = openPage(place, { preload, url, log });
  window.once('ready-to-show', () => {
    if (windowStore.state.maximized) window.maximize();
    window.show();
  });
  windowStore.follow(window);
  return window;
}

/** The small window that says why the workbench can't start. */
export function createStartupErrorWindow(page: PageOptions, kind: 'port' | 'settings'): BrowserWindow {
  const height = kind === 'port' ? 380 : 460;
  const window = openPage({ width: 600, height, minWidth: 480, minHeight: 320, maximizable: false }, page);
  window.removeMenu();
  window.once('ready-to-show', () => window.show());
  return window;
}

/** Longest wait for a page's process, in ms; where that is slower still, the plugins start all the same. */
const MAX_PAGE_START_MS = 5_000;

/**
 * Resolves when the page has its process, or none after five seconds. A process that the runtime starts while
 * Chromium starts one inherits its end of the channel to it (see hosts/node/child/inherited-sockets.ts), and
 * Electron would not see the page's end before that process has ended, too. Plugins' processes let go of it;
 * the compiler and the shell that guards them can't, and live as long as the runtime: they are to start
 * afterwards.
 */
export async function pageStarted(window: BrowserWindow): Promise<void> {
  if (window.isDestroyed() || window.webContents.getOSProcessId() !== 0) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, MAX_PAGE_START_MS);
    window.webContents.once('did-navigate', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** A window under the rules that hold for all of them; not shown yet. */
function openPage(place: BrowserWindowConstructorOptions, { preload, url, log }: PageOptions): BrowserWindow {
  const window = new BrowserWindow({
    ...place,
    show: false,
    title: 'Mozaiks Workbench',
    backgroundColor: backgroundColor(),
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  });
  blockNavigation(window.webContents, url, log);
  reviveAfterCrash(window, url, log);
  load(window, url, log);
  return window;
}

/** The page stays where it is; a change of the hash is not a navigation. */
function blockNavigation(contents: WebContents, home: string, log: Log): void {
  const stay = (event: { preventDefault(): void }, target: string) => {
    if (target === home) return;
    event.preventDefault();
    log.warn('Blocked navigation', { to: target });
  };
  contents.on('will-navigate', (event, target) => stay(event, target));
  contents.on('will-redirect', (event, target) => stay(event, target));
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url: target }) => {
    log.warn('Blocked a new window', { to: target });
    return { action: 'deny' };
  });
}

/**
 * Shortest time between two loads after a crash: a page that dies at once would otherwise load without a
 * pause.
 */
const MIN_REVIVAL_GAP_MS = 5_000;

/**
 * Loads the page again whenever its process has ended other than by itself; from a timer, since Chromium is
 * still taking the old process apart while it reports its end.
 */
function reviveAfterCrash(window: BrowserWindow, url: string, log: Log): void {
  let earliest = 0;
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    const waitMs = Math.max(0, earliest - performance.now());
    earliest = performance.now() + waitMs + MIN_REVIVAL_GAP_MS;
    log.warn('The window process ended; reloading', { reason, inSeconds: Math.ceil(waitMs / 1000) });
    setTimeout(() => {
      if (!window.isDestroyed()) load(window, url, log);
    }, waitMs);
  });
}

function load(window: BrowserWindow, url: string, log: Log): void {
  window.loadURL(url).catch((error: unknown) => log.error(`Could not load ${url}`, error));
}
