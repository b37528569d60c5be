import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { ElectronApplication, Locator, Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { copyExamples, temporaryFolder } from '../support/folders.ts';
import { savePicture } from '../support/page-witness.ts';
import { launchWorkbench, readyAddress } from '../support/workbench-window.ts';

/** A start that can't succeed, and how a person helps it along in the real window. */

const PATIENCE = { timeout: 30_000 };

async function occupiedPort(): Promise<{ port: number; free: () => Promise<void> }> {
  const server: Server = createServer();
  const free = () => new Promise<void>((resolve) => server.close(() => resolve()));
  onTestFinished(free);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0, free };
}

interface Start {
  readonly env?: Record<string, string>;
  readonly colorScheme?: 'light' | 'dark';
  /** The `.env` beside the plugins' folder. */
  readonly dotenv?: string;
}

async function launch({ env = {}, colorScheme = 'light', dotenv = '' }: Start) {
  const folder = await temporaryFolder('startup-error');
  const plugins = await copyExamples(folder.path, ['hello']);
  const envFile = join(folder.path, '.env');
  await writeFile(envFile, dotenv);
  const own = ['--plugins', plugins];
  const { app, stderr } = await launchWorkbench({ home: folder.path, own, env, colorScheme });
  const main = app.process();
  const exited = new Promise<number | null>((resolve) => main.once('exit', resolve));
  onTestFinished(async () => {
    if (main.exitCode === null) await app.close();
    await exited;
    await folder.remove();
  });
  const page = await app.firstWindow({ timeout: 60_000 });
  await page.getByRole('heading', { level: 1 }).waitFor(PATIENCE);
  return { app, page, stderr, exited, envFile };
}

async function picture(page: Page, name: string): Promise<void> {
  await savePicture(page, `startup-error-${name}`);
}

/** Clicks what ends the small window, which may be gone before the click is reported. */
async function leaveBy(button: Locator): Promise<void> {
  await button.click({ noWaitAfter: true }).catch(() => undefined);
}

/** The workbench's own window, once it has taken the small one's place. */
async function workbenchAfter(app: ElectronApplication, button: Locator): Promise<string> {
  const [page] = await Promise.all([app.waitForEvent('window', PATIENCE), leaveBy(button)]);
  const address = await readyAddress(page);
  await page.getByRole('main').waitFor(PATIENCE);
  await expect.poll(() => app.windows().length, PATIENCE).toBe(1);
  return address;
}

describe('a port that is taken', () => {
  it('is named with who has it; Retry starts once it is free', async () => {
    const { port, free } = await occupiedPort();
    const { app, page, stderr } = await launch({ env: { PORT: String(port) } });
    await page.getByRole('heading', { name: `Port ${port} is taken` }).waitFor(PATIENCE);
    await page.getByText(`127.0.0.1:${port}`).waitFor(PATIENCE);
    await page.getByText('PORT (environment)').waitFor(PATIENCE);
    if (process.platform === 'linux') {
      const facts = page.getByRole('definition');
      await expect.poll(() => facts.allTextContents(), PATIENCE).toContainEqual(`kill ${process.pid}`);
    }
    await picture(page, 'port');
    await page.getByRole('button', { name: 'Retry' }).click();
    await page.getByText('Still failing at').waitFor(PATIENCE);
    // What the first attempt printed may be gone: Playwright reads the beginning by itself.
    await expect.poll(stderr).toContain(`Port ${port} is taken on 127.0.0.1`);
    await free();
    const retry = page.getByRole('button', { name: 'Retry' });
    expect(await workbenchAfter(app, retry)).toBe(`http://127.0.0.1:${port}`);
  });

  it('can be left for another one, which the settings then name', async () => {
    const { port } = await occupiedPort();
    const { app, page } = await launch({ env: { PORT: String(port) }, colorScheme: 'dark' });
    const button = page.getByRole('button', { name: /^Use port \d+$/ });
    const offered = /\d+/.exec((await button.textContent()) ?? '')?.[0];
    await picture(page, 'port-dark');
    expect(await workbenchAfter(app, button)).toBe(`http://127.0.0.1:${offered}`);
    const [workbench] = app.windows();
    const setting = await workbench?.evaluate(async () => {
      const answer = await window.workbench?.call('settings', null);
      return answer?.ok ? answer.value.find(({ name }) => name === 'PORT') : null;
    });
    expect(setting).toMatchObject({ value: offered, source: 'window' });
  });

  it('ends the program with 2 when its window is left by Quit', async () => {
    const { port } = await occupiedPort();
    const { page, exited } = await launch({ env: { PORT: String(port) } });
    await leaveBy(page.getByRole('button', { name: 'Quit' }));
    expect(await exited).toBe(2);
  });
});

describe('settings that make no sense', () => {
  it('are listed, each with what would be right; Retry reads the .env again', async () => {
    const { app, page, envFile } = await launch({ dotenv: 'PORT=eighty\nJWT_SECRET=too-short-to-be-safe\n' });
    await page.getByRole('heading', { name: '2 invalid settings' }).waitFor(PATIENCE);
    const problems = page.getByRole('listitem');
    const port = problems.filter({ hasText: 'PORT' });
    expect(await port.textContent()).toMatch(/eighty.*\.env.*give a whole number from 0 to 65535/);
    expect(await problems.filter({ hasText: 'JWT_SECRET' }).textContent()).toMatch(
      /•.*at least 32 random bytes/,
    );
    expect(await page.content()).not.toContain('too-short');
    await picture(page, 'settings');
    await writeFile(envFile, 'PORT=0\n');
    await workbenchAfter(app, page.getByRole('button', { name: 'Retry' }));
  });

  it('leave no door to the runtime open in that window', async () => {
    const { page } = await launch({ env: { PORT: 'eighty' } });
    const answer = await page.evaluate(() => window.workbench?.call('watchFolder', { path: '/tmp' }));
    expect(answer).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
    const before = page.url();
    await page.evaluate(() => {
      location.href = 'https://evil.example/';
    });
    expect(await page.evaluate(() => window.open('https://evil.example/') === null)).toBe(true);
    expect(page.url()).toBe(before);
  });
});
