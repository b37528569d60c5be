import { access, readdir } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openHeadless } from '../support/headless.ts';
import { openWorkbench } from '../support/workbench-window.ts';
import { goTo } from './journey.ts';

/** Showing the contract by sample traffic: in the window, and in a browser. */

const PATIENCE = { timeout: 60_000 };

/** Title of each step, what it ends with, and the tab its trace is opened on. */
const STEPS = [
  ['A good call', /^200/, 'Context'],
  ['A spoof', /^200/, 'Context'],
  ['Expired token', /^401/, 'JWT'],
  ['Plugin error', /^500/, 'Response'],
  ['Timeout', /^500 · 2\.\d\d s/, 'Waterfall'],
  ['Inside a call', /^200/, 'Waterfall'],
  ['Hot reload', /^live in [\d.]+ m?s/, 'Response'],
] as const;

const PLUGINS: Readonly<Record<string, string>> = { Timeout: 'demo_sleeper', 'Inside a call': 'demo_notes' };

async function showContract(page: Page): Promise<void> {
  await goTo(page, 'Overview');
  await page.getByRole('button', { name: 'Show the contract' }).click(PATIENCE);
  await page.getByRole('button', { name: 'Show its trace' }).waitFor(PATIENCE);
}

const guideOf = (page: Page) => page.getByRole('region', { name: 'Contract demonstration' });

describe('the demonstration', () => {
  it('shows each step of it at one click, and leads to each trace where it is best seen', async () => {
    const { page, plugins, close } = await openWorkbench({ examples: ['hello'] });
    onTestFinished(close);
    const before = await readdir(plugins);
    await showContract(page);
    const guide = guideOf(page);
    for (const [title, result, tab] of STEPS) {
      const step = guide.getByRole('button', { name: title });
      await step.getByText(result).waitFor(PATIENCE);
      await step.click();
      await page.getByRole('tab', { name: tab, selected: true }).waitFor(PATIENCE);
      const plugin = PLUGINS[title] ?? 'demo_greeter';
      await page.getByRole('heading', { name: plugin, level: 2 }).waitFor(PATIENCE);
    }
    await page.getByText('"Welcome back, dana!"').first().waitFor(PATIENCE);
    await guide.getByRole('button', { name: 'A spoof' }).click();
    await page.getByRole('row').filter({ hasText: 'user-ada' }).first().getByText('spoof').waitFor(PATIENCE);
    expect(await readdir(plugins)).toEqual(before);

    const address = await guide.getByText(/^127\.0\.0\.1:\d+$/).textContent();
    expect((await fetch(`http://${address}/health`)).status).toBe(200);
    await guide.getByRole('button', { name: 'Close and clean up' }).click();
    await guide.waitFor({ state: 'detached', ...PATIENCE });
    await expect(fetch(`http://${address}/health`)).rejects.toThrow();
    await page.getByRole('heading', { name: 'demo_greeter', level: 2 }).waitFor(PATIENCE);
  });

  it('shows the same in a browser, and can be stopped at any step', async () => {
    const { page, close, plugins } = await openHeadless(['hello']);
    onTestFinished(close);
    await showContract(page);
    for (const [title, result] of STEPS) {
      await guideOf(page).getByRole('button', { name: title }).getByText(result).waitFor(PATIENCE);
    }
    await guideOf(page).getByRole('button', { name: 'Close and clean up' }).click();
    await guideOf(page).waitFor({ state: 'detached', ...PATIENCE });
    await page.getByRole('button', { name: 'Show the contract' }).click();
    await guideOf(page).getByRole('img', { name: '5, running' }).waitFor(PATIENCE);
    await guideOf(page).getByRole('button', { name: 'Stop and clean up' }).click();
    await guideOf(page).waitFor({ state: 'detached', ...PATIENCE });
    await access(plugins);
    await vi.waitFor(async () =>
      expect(await page.getByRole('button', { name: 'Show the contract' }).isEnabled()).toBe(true),
    );
  });
});
