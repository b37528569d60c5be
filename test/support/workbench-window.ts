import { type ElectronApplication, _electron as electron, type Page } from 'playwright-core';
import { vi } from 'vitest';
import { copyExamples, projectRoot, temporaryFolder } from './folders.ts';

/** The built product in a real window. The test runner says which Electron (`WORKBENCH_ELECTRON`). */
export interface WorkbenchWindow {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** A copy of the example plugins, watched by this window's runtime. */
  readonly plugins: string;
  /** What it stores lies here. */
  readonly home: string;
  readonly baseUrl: string;
  /** Everything the process wrote on stderr so far. */
  stderr(): string;
  close(): Promise<void>;
}

export interface WindowOptions {
  /** The example plugins that the test needs; all of them unless given. */
  readonly examples?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly colorScheme?: 'light' | 'dark';
  /** Puts more into the plugins' folder before the product is started. */
  readonly prepare?: (plugins: string) => Promise<unknown>;
}

export async function openWorkbench({
  examples,
  env = {},
  colorScheme = 'light',
  prepare,
}: WindowOptions = {}): Promise<WorkbenchWindow> {
  const folder = await temporaryFolder('workbench');
  const plugins = await copyExamples(folder.path, examples);
  await prepare?.(plugins);
  const own = ['--port', '0', '--plugins', plugins];
  const { app, stderr } = await launchWorkbench({ home: folder.path, own, env, colorScheme });
  const page = await app.firstWindow({ timeout: 60_000 });
  const baseUrl = await readyAddress(page);
  return {
    app,
    page,
    plugins,
    home: folder.path,
    baseUrl,
    stderr,
    async close() {
      await app.close();
      await folder.remove();
    },
  };
}

export interface LaunchOptions {
  /** What the product keeps between runs lies here. */
  readonly home: string;
  /** The product's own arguments. */
  readonly own: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly colorScheme?: 'light' | 'dark' | 'no-preference';
}

/** Starts the product and waits for nothing but its process; the caller closes it. */
export async function launchWorkbench({
  home,
  own,
  env = {},
  colorScheme = 'light',
}: LaunchOptions): Promise<{
  readonly app: ElectronApplication;
  readonly stderr: () => string;
}> {
  const { command, args, surroundings } = workbenchCommand(home, own);
  const app = await electron.launch({
    executablePath: command,
    colorScheme,
    args: [...args],
    env: { ...surroundings, ...env },
    timeout: 60_000,
  });
  let errors = '';
  app.process().stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  return { app, stderr: () => errors };
}

/** Gives the window this size, and waits until its page has it and has drawn it. */
export async function resizeWindow(
  { app, page }: Pick<WorkbenchWindow, 'app' | 'page'>,
  [width, height]: readonly [width: number, height: number],
): Promise<void> {
  let attempts = 0;
  await vi.waitFor(async () => {
    attempts += 1;
    await app.evaluate(
      ({ BrowserWindow }, { size, again }) => {
        const window = BrowserWindow.getAllWindows()[0];
        // A busy virtual display now and then loses a size that Electron takes for set, or a page's next frame: then
        // neither comes by itself, and a page without frames takes no click.
        if (again) {
          window?.hide();
          window?.setSize(size.width + 1, size.height + 1);
          window?.showInactive();
        }
        window?.setSize(size.width, size.height);
        window?.webContents.invalidate();
      },
      { size: { width, height }, again: attempts > 1 },
    );
    const seen = await page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          requestAnimationFrame(() => resolve(`drawn at ${window.innerWidth}`));
          setTimeout(() => resolve(`no frame at ${window.innerWidth}`), 1_000);
        }),
    );
    if (seen !== `drawn at ${width}`) {
      throw new Error(`the window should be drawn at ${width} × ${height}; attempt ${attempts}: ${seen}`);
    }
  });
}

/** Drags files or folders of this machine over the window and lets go, as a file manager would. */
export async function dropFiles(page: Page, paths: readonly string[], meanwhile?: () => Promise<unknown>) {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  const send = (type: 'dragEnter' | 'dragOver' | 'drop') =>
    session.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
  await send('dragEnter');
  await send('dragOver');
  await meanwhile?.();
  await send('drop');
  await session.detach();
}

/**
 * Answers whether a folder's plugins may run from now on, in the place of the real box, which waits for
 * somebody to click. {@link askedFolders} tells what was asked.
 */
export function answerQuestions(app: ElectronApplication, answer: 'agree' | 'cancel'): Promise<void> {
  return app.evaluate(
    ({ dialog }, response) => {
      const asked: string[] = [];
      const box = async (...given: readonly unknown[]) => {
        asked.push(JSON.stringify(given.at(-1)));
        return { response, checkboxChecked: false };
      };
      dialog.showMessageBox = Object.assign(box, { asked });
    },
    answer === 'agree' ? 0 : 1,
  );
}

/** The questions since the last {@link answerQuestions}. */
export function askedFolders(app: ElectronApplication): Promise<readonly string[]> {
  return app.evaluate(({ dialog }) => (dialog.showMessageBox as unknown as { asked: string[] }).asked);
}

/** How the product is started over this home, for a test that starts it by itself. */
export function workbenchCommand(home: string, own: readonly string[]) {
  const command = process.env.WORKBENCH_ELECTRON;
  if (command === undefined)
    throw new Error('WORKBENCH_ELECTRON is not set: run these tests through `npm test`');
  const flags = [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-gpu'];
  return {
    command,
    args: [projectRoot, ...flags, `--user-data-dir=${home}/profile`, '--', ...own],
    surroundings: { ...systemEnvironment(), XDG_CONFIG_HOME: `${home}/config` },
  };
}

/** The window opens before the plugins are loaded; this waits for both. */
export async function readyAddress(page: Page): Promise<string> {
  return vi.waitFor(
    async () => {
      const answer = await page.evaluate(() => window.workbench?.call('snapshot', null));
      if (!answer?.ok || !answer.value.ready) throw new Error('the runtime is not ready');
      return answer.value.baseUrl;
    },
    { timeout: 60_000, interval: 50 },
  );
}

/** The processes in which plugins run now. */
export async function pluginProcesses({ page }: WorkbenchWindow): Promise<readonly number[]> {
  const pids = await page.evaluate(async () => {
    const snapshot = await window.workbench?.call('snapshot', null);
    return snapshot?.ok ? snapshot.value.plugins.map((plugin) => plugin.pid) : [];
  });
  return pids.filter((pid): pid is number => pid !== null);
}

/** What a desktop program needs of its surroundings; nothing of this test's own settings. */
function systemEnvironment(): Record<string, string> {
  const names = [
    'PATH',
    'HOME',
    'LANG',
    'DISPLAY',
    'XAUTHORITY',
    'WAYLAND_DISPLAY',
    'XDG_RUNTIME_DIR',
    'TMPDIR',
  ];
  const own = Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
  return { DBUS_SESSION_BUS_ADDRESS: 'disabled:', ...own };
}
