import { type ElectronApplication, _electron as electron, type Page } from 'playwright-core';
import { vi } from 'vitest';
import { copyExamples, projectRoot, temporaryFolder } from './folders.ts';

/** The built product in a real window. The test runner says which Electron (`WORKBENCH_ELECTRON`). */
export interface WorkbenchWindow {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** A copy of the example plugins, watched by this window's runtime. */
  readonly plugins: string;
  readonly baseUrl: string;
  /** Everything the process wrote on stderr so far. */
  stderr(): string;
  close(): Promise<void>;
}

export interface WindowOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly colorScheme?: 'light' | 'dark';
  /** Puts more into the plugins' folder before the product is started. */
  readonly prepare?: (plugins: string) => Promise<unknown>;
}

export async function openWorkbench({
  env = {},
  colorScheme = 'light',
  prepare,
}: WindowOptions = {}): Promise<WorkbenchWindow> {
  const executablePath = process.env.WORKBENCH_ELECTRON;
  if (executablePath === undefined)
    throw new Error('WORKBENCH_ELECTRON is not set: run these tests through `npm test`');
  const folder = await temporaryFolder('workbench');
  const plugins = await copyExamples(folder.path);
  await prepare?.(plugins);
  const app = await electron.launch({
    executablePath,
    colorScheme,
    args: [
      projectRoot,
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      `--user-data-dir=${folder.path}/profile`,
      ...['--', '--port', '0', '--plugins', plugins],
    ],
    env: { ...systemEnvironment(), XDG_CONFIG_HOME: `${folder.path}/config`, ...env },
    timeout: 60_000,
  });
  const output = { out: '', err: '' };
  app.process().stdout?.on('data', (chunk: Buffer) => {
    output.out += chunk.toString();
  });
  app.process().stderr?.on('data', (chunk: Buffer) => {
    output.err += chunk.toString();
  });
  const page = await app.firstWindow({ timeout: 60_000 });
  const baseUrl = await readyAddress(page);
  return {
    ...{ app, page, plugins, baseUrl },
    stderr: () => output.err,
    async close() {
      await app.close();
      await folder.remove();
    },
  };
}

/** The window opens before the plugins are loaded; this waits for both. */
async function readyAddress(page: Page): Promise<string> {
  return vi.waitFor(
    async () => {
      const answer = await page.evaluate(() => window.workbench?.call('snapshot', null));
      if (!answer?.ok || !answer.value.ready) throw new Error('the runtime is not ready');
      return answer.value.baseUrl;
    },
    { timeout: 60_000, interval: 50 },
  );
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
