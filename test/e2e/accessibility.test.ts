import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { axeProblems } from '../support/axe.ts';
import { openWorkbench, type WorkbenchWindow } from '../support/workbench-window.ts';
import { makeTraces, writeFailingPlugins } from './filled.ts';
import { goTo } from './journey.ts';

/** Every screen, filled, as a screen reader, a keyboard and tired eyes meet it; in the real window. */

const THEMES = ['light', 'dark'] as const;

let workbench: WorkbenchWindow;
beforeAll(async () => {
  workbench = await openWorkbench({
    env: { MOZAIKS_PLUGIN_TIMEOUT_SECONDS: '1' },
    prepare: writeFailingPlugins,
  });
  await makeTraces(workbench.baseUrl);
});
afterAll(() => workbench?.close());

/** What can be open, each with the way there. */
const VIEWS: readonly (readonly [string, (page: Page) => Promise<void>])[] = [
  ['Overview', (page) => goTo(page, 'Overview')],
  ['Plugins', (page) => goTo(page, 'Plugins')],
  ['a plugin that runs', (page) => open(page, '/plugins/whoami')],
  ['a plugin that failed', (page) => open(page, '/plugins/broken')],
  ['the new plugin dialog', (page) => pressOn(page, '/plugins', 'n')],
  ['Run', (page) => open(page, '/run/writer')],
  ['an answer', runWriter],
  ['the choice of a persona', openPersonas],
  ['Contract', (page) => goTo(page, 'Contract')],
  ['the verdicts of the contract', checkContract],
  ['Tokens', (page) => goTo(page, 'Tokens')],
  ['a token', mintToken],
  ['Settings', (page) => goTo(page, 'Settings')],
  ['Traces', (page) => open(page, '/traces')],
  ...['Waterfall', 'Context', 'JWT', 'Request', 'Response', 'Logs', 'Raw'].map(
    (tab) => [`a trace’s ${tab}`, (page: Page) => openTrace(page, 'writer', tab)] as const,
  ),
  ...['whoami', 'tasks', 'thrower', 'quitter', 'nothing', 'hello'].map(
    (plugin) => [`a trace of ${plugin}`, (page: Page) => openTrace(page, plugin, 'Context')] as const,
  ),
  ['the menu of personas', openPersonaMenu],
  ['the palette', (page) => pressOn(page, '/overview', 'ControlOrMeta+k')],
  ['the sheet of shortcuts', (page) => pressOn(page, '/traces', '?')],
];

describe('axe', () => {
  it.each(VIEWS)('finds nothing wrong with %s, in either theme', async (_name, show) => {
    const { page } = workbench;
    await page.keyboard.press('Escape');
    await show(page);
    // Away from what was clicked, so that no tip fades in meanwhile.
    await page.mouse.move(640, 60);
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme });
      await vi.waitFor(async () =>
        expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe(colorScheme),
      );
      await page.evaluate(() =>
        Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))),
      );
      expect(await axeProblems(page)).toEqual([]);
    }
  });
});

async function open(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = `#${to}`;
  }, hash);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.getByLabel('Loading').waitFor({ state: 'detached' });
}

async function pressOn(page: Page, hash: string, keys: string): Promise<void> {
  await open(page, hash);
  await page.keyboard.press(keys);
  await page.getByRole('dialog').waitFor();
}

async function runWriter(page: Page): Promise<void> {
  await open(page, '/run/writer');
  await page.keyboard.press('ControlOrMeta+Enter');
  await page.getByRole('heading', { name: 'Where each value came from' }).waitFor();
}

async function openPersonas(page: Page): Promise<void> {
  await open(page, '/run/writer');
  await page
    .getByRole('combobox', { name: 'Persona' })
    .or(page.getByRole('textbox', { name: 'Persona' }))
    .first()
    .click();
  await page.getByRole('option', { name: /Superadmin/ }).waitFor();
}

async function openTrace(page: Page, plugin: string, tab: string): Promise<void> {
  await open(page, '/traces');
  await page.getByRole('option').filter({ hasText: plugin }).first().click();
  await page.getByRole('tab', { name: tab }).click();
  await page.getByRole('tabpanel').waitFor();
}

async function openPersonaMenu(page: Page): Promise<void> {
  await openTrace(page, 'writer', 'Context');
  await page.getByRole('button', { name: 'As persona' }).click();
  await page.getByRole('menu').waitFor();
}

async function checkContract(page: Page): Promise<void> {
  await goTo(page, 'Contract');
  await page.getByRole('button', { name: /^Run/ }).first().click();
  await page.getByTestId('contract-headline').filter({ hasText: 'kept' }).waitFor();
}

async function mintToken(page: Page): Promise<void> {
  await goTo(page, 'Tokens');
  await page.getByRole('button', { name: 'Mint token' }).click();
  await page.getByRole('textbox', { name: /token/i }).first().waitFor();
  await page.getByText('user_id').first().waitFor();
}
