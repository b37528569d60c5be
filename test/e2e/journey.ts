import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { writePlugin } from '../support/folders.ts';

/** Walks that a person takes through the UI; the window and the browser take the same ones. */
export interface Workbench {
  readonly page: Page;
  readonly plugins: string;
  readonly baseUrl: string;
}

const PATIENCE = { timeout: 30_000 };

export async function goTo(page: Page, screen: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: screen }).click();
  await page.getByRole('heading', { name: screen, level: 1 }).waitFor(PATIENCE);
}

/** Types the JSON body on the Run screen as a person would, by keyboard. */
export async function typeBody(page: Page, body: string): Promise<void> {
  await page.getByRole('textbox', { name: 'JSON body' }).click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(body);
}

async function choosePlugin(page: Page, plugin: string): Promise<void> {
  await page
    .getByRole('combobox', { name: 'Plugin' })
    .or(page.getByRole('textbox', { name: 'Plugin' }))
    .first()
    .click();
  await page.getByRole('option', { name: plugin, exact: true }).click();
}

/** Health as `/health` answers it and as Overview shows it. */
export async function seeHealth({ page, baseUrl }: Workbench): Promise<void> {
  const answer = await fetch(`${baseUrl}/health`);
  expect(answer.headers.get('x-mozaiks-runtime-version')).toBe('1.0.0');
  // A runtime calls itself ready after some seconds, whatever still loads.
  const health = async () => (await fetch(`${baseUrl}/health`)).json();
  await expect.poll(health).toMatchObject({ status: 'healthy', plugins_loaded: 8 });
  await goTo(page, 'Overview');
  await page.getByText('"plugins_loaded": 8').waitFor(PATIENCE);
}

/**
 * Saves a plugin's file, sees the reload and its latency, runs the new version, opens its trace, sees the
 * context.
 */
export async function editAndRun({ page, plugins }: Workbench): Promise<void> {
  const file = join(plugins, 'whoami', 'logic.ts');
  const source = await readFile(file, 'utf8');
  await writeFile(file, source.replace('  app_id,', "  edited: 'while running',\n  app_id,"));
  await page
    .getByTestId('last-reload')
    .filter({ hasText: /whoami reloaded in [\d.]+ (ms|s)/ })
    .waitFor(PATIENCE);

  await goTo(page, 'Run');
  await choosePlugin(page, 'whoami');
  await typeBody(page, '{"user_id": "evil", "note": "from the UI"}');
  await page.getByRole('button', { name: /^Run/ }).click();
  await page.getByText('"while running"').first().waitFor(PATIENCE);

  await page.getByRole('link', { name: 'Open trace' }).click();
  await page.getByRole('heading', { name: 'Traces', level: 1 }).waitFor(PATIENCE);
  await page.getByRole('tab', { name: 'Context' }).click();
  const row = page.getByRole('row').filter({ hasText: 'evil' });
  await row.getByText('spoof').waitFor(PATIENCE);
  expect(await row.textContent()).toMatch(/"evil".*JWT claim sub.*user_id.*"user-/);
  await page.getByRole('row').filter({ hasText: '"from the UI"' }).waitFor(PATIENCE);
  await page.getByRole('tab', { name: 'Waterfall' }).click();
  await page.getByText('authenticate').first().waitFor(PATIENCE);
}

/** The contract's checks by button, over HTTP against the live server: every one kept. */
export async function checkContract({ page }: Workbench): Promise<void> {
  await goTo(page, 'Contract');
  await page.getByRole('button', { name: /^Run/ }).first().click();
  const headline = page.getByTestId('contract-headline').filter({ hasText: 'passed' });
  // One clause waits for the default timeout of 30 seconds.
  await headline.waitFor({ timeout: 90_000 });
  expect(await headline.textContent()).toMatch(/^(\d+) of \1 passed$/);
}

/** A broken save: code frame, file and line, the last good version still answers; the fix heals it. */
export async function breakAndHeal({ page, plugins, baseUrl }: Workbench): Promise<void> {
  const file = join(plugins, 'hello', 'logic.ts');
  const source = await readFile(file, 'utf8');
  await writeFile(file, `${source}\nexport const broken = (;\n`);
  await goTo(page, 'Plugins');
  await page
    .getByRole('row')
    .filter({ hasText: /hello(?!_)/ })
    .filter({ hasText: 'failed' })
    .click();
  await page.getByText(/^logic\.ts:\d+:\d+$/).waitFor(PATIENCE);
  await page.getByText('export const broken = (;').waitFor(PATIENCE);
  await page.getByText(/Still serving the version of/).waitFor(PATIENCE);
  const answer = await fetch(`${baseUrl}/api/execute/hello`, { method: 'POST', body: '{}' });
  expect(answer.status).toBe(200);
  await writeFile(file, source);
  await page
    .getByRole('row')
    .filter({ hasText: /hello(?!_)/ })
    .filter({ hasText: 'loaded' })
    .waitFor(PATIENCE);
}

/** P9: a plugin writes what no channel should read to every descriptor; the runtime, and its others, go on. */
export async function surviveBytes({ plugins, baseUrl }: Workbench): Promise<void> {
  await writePlugin(
    plugins,
    'writes_bytes',
    `import { writeSync } from 'node:fs';
    export const execute = ({ fd, text, times }) => {
      for (let n = 0; n < times; n += 1) {
        try { writeSync(fd, text); } catch { return {}; }
      }
      return {};
    };`,
  );
  const execute = (plugin: string, body: object) =>
    fetch(`${baseUrl}/api/execute/${plugin}`, { method: 'POST', body: JSON.stringify(body) });
  await expect.poll(async () => (await execute('writes_bytes', { times: 0 })).status, PATIENCE).toBe(200);
  const garbage = 'not json\n{"cmd":"NODE_HANDLE_ACK"}\nno line end';
  for (let fd = 3; fd <= 30; fd += 1) await execute('writes_bytes', { fd, text: garbage, times: 1 });
  for (const fd of [3, 4]) await execute('writes_bytes', { fd, text: 'x'.repeat(500_000), times: 2_400 });
  expect((await fetch(`${baseUrl}/health`)).status).toBe(200);
  expect((await execute('whoami', {})).status).toBe(200);
}
