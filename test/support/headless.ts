import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { connectChromium } from './chromium.ts';
import { copyExamples, projectRoot, temporaryFolder } from './folders.ts';

/** The built headless shell as a process of its own, and its UI in a real browser. */
export interface HeadlessWorkbench {
  readonly page: Page;
  readonly plugins: string;
  readonly baseUrl: string;
  /** The address it printed for a browser; holds the launch token. */
  readonly uiUrl: string;
  readonly browser: Browser;
  close(): Promise<void>;
}

export interface HeadlessOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Puts more into the plugins' folder before the product is started. */
  readonly prepare?: (plugins: string) => Promise<unknown>;
}

/** @param examples the example plugins that the test needs; all of them unless given */
export async function openHeadless(
  examples?: readonly string[],
  { env = {}, prepare }: HeadlessOptions = {},
): Promise<HeadlessWorkbench> {
  const folder = await temporaryFolder('headless');
  const plugins = await copyExamples(folder.path, examples);
  await prepare?.(plugins);
  const own = { PATH: process.env.PATH, HOME: folder.path, XDG_CONFIG_HOME: join(folder.path, 'config') };
  const server = spawn(
    process.execPath,
    [join(projectRoot, 'out/main/cli.cjs'), 'serve', '--port', '0', '--plugins', plugins],
    { env: { ...own, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const [baseUrl, uiUrl] = await printedAddresses(server);
  const browser = await connectChromium();
  const page = await browser.newPage({ viewport: { width: 1280, height: 820 } });
  await page.goto(uiUrl);
  return {
    page,
    plugins,
    baseUrl,
    uiUrl,
    browser,
    async close() {
      await browser.close();
      await stopped(server);
      await folder.remove();
    },
  };
}

function printedAddresses(server: ChildProcess): Promise<[string, string]> {
  return new Promise((resolve, reject) => {
    let text = '';
    let errors = '';
    server.stderr?.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    server.once('exit', (code) => reject(new Error(`The headless shell ended with ${code}: ${errors}`)));
    server.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const base = /^listening on (\S+)$/m.exec(text)?.[1];
      const ui = /^open (\S+) in a browser$/m.exec(text)?.[1];
      if (base !== undefined && ui !== undefined) resolve([base, ui]);
    });
  });
}

async function stopped(server: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  await gone;
}
