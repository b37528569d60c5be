import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { axeProblems } from '../support/axe.ts';
import { openWorkbench, type WorkbenchWindow } from '../support/workbench-window.ts';
import { makeTraces, writeFailingPlugins } from './filled.ts';
import { goTo } from './journey.ts';

/** Every screen, filled, as a screen reader, a keyboard and tired eyes meet it; in the real window. */

const THEMES = ['light', 'dark'] as const;

let workbench: WorkbenchWindow;
/** A runtime that keeps hardly a clause. */
const other = createServer((_request, response) => response.end('{}'));
beforeAll(async () => {
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  workbench = await openWorkbench({
    env: { MOZAIKS_PLUGIN_TIMEOUT_SECONDS: '1' },
    prepare: writeFailingPlugins,
  });
  await makeTraces(workbench.baseUrl);
});
afterAll(async () => {
  await workbench?.close();
  other.closeAllConnections();
  await new Promise((resolve) => other.close(resolve));
});

const TRACE = 'section[aria-label^="Trace of"]';

/** What can be open, the way there, and the part that differs from another one where only that is looked at. */
type View = readonly [name: string, show: (page: Page) => Promise<void>, within?: string];
const VIEWS: readonly View[] = [
  ['Overview', (page) => goTo(page, 'Overview')],
  ['Plugins', (page) => goTo(page, 'Plugins')],
  ['a plugin that runs', (page) => open(page, '/plugins/whoami')],
  ['a plugin that failed', (page) => open(page, '/plugins/broken')],
  ['the new plugin dialog', (page) => pressOn(page, '/plugins', 'n')],
  ['Run', (page) => open(page, '/run/writer')],
  ['an answer', runWriter],
  ['the choice of a persona', openPersonas],
  ['Data', (page) => goTo(page, 'Data')],
  ['Messages', (page) => goTo(page, 'Messages')],
  ['Contract', (page) => goTo(page, 'Contract')],
  ['verdicts of the contract as they come', startChecks],
  ['the verdicts of the contract', endChecks],
  ['the choice of another runtime', openTarget],
  ['the differences from production', (page) => open(page, '/contract/production')],
  ['past runs of the checks', (page) => open(page, '/contract/history')],
  ['a past run of the checks', openPastRun],
  ['two runs of the checks side by side', compareRuns],
  ['Tokens', (page) => goTo(page, 'Tokens')],
  ['a token', mintToken],
  ['Settings', (page) => goTo(page, 'Settings')],
  ['Traces', (page) => open(page, '/traces')],
  ['a trace’s Waterfall', (page) => openTrace(page, 'writer', 'Waterfall')],
  ...['Context', 'JWT', 'Request', 'Response', 'Logs', 'Raw'].map(
    (tab): View => [`a trace’s ${tab}`, (page) => openTrace(page, 'writer', tab), TRACE],
  ),
  ...['whoami', 'tasks', 'thrower', 'quitter', 'nothing', 'hello'].map(
    (plugin): View => [`a trace of ${plugin}`, (page) => openTrace(page, plugin, 'Context'), TRACE],
  ),
  ['the menu of personas', openPersonaMenu],
  ['the palette', (page) => pressOn(page, '/overview', 'ControlOrMeta+k')],
  ['the sheet of shortcuts', (page) => pressOn(page, '/traces', '?')],
];

describe('axe', () => {
  it.for(VIEWS)('finds nothing wrong with %s, in either theme', async ([, show, within]) => {
    const { page } = workbench;
    await closeDialogs(page);
    await show(page);
    // Away from what was clicked, so that no tip fades in meanwhile.
    await page.mouse.move(640, 60);
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme });
      await vi.waitFor(async () =>
        expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe(colorScheme),
      );
      await page.evaluate(() =>
        Promise.all(
          document
            .getAnimations()
            // What turns while something runs has no end.
            .filter(({ effect }) => effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY)
            .map((animation) => animation.finished.catch(() => undefined)),
        ),
      );
      // Themes differ in nothing but colours.
      expect(await axeProblems(page, colorScheme === 'light' ? 'all' : 'colours', within)).toEqual([]);
    }
  });
});

describe('the keyboard', () => {
  const SCREENS = [
    'Overview',
    'Plugins',
    'Run',
    'Traces',
    'Data',
    'Messages',
    'Contract',
    'Tokens',
    'Settings',
  ];

  it.each(SCREENS)('reaches everything on %s, sees where it is, and is never held', async (screen) => {
    const { page } = workbench;
    await closeDialogs(page);
    await goTo(page, screen);
    await page.getByLabel('Loading').waitFor({ state: 'detached' });
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.getByRole('button', { name: 'Skip to the screen' }).focus();
    const stops: string[] = [];
    for (let n = 0; n < 200; n += 1) {
      await page.keyboard.press('Tab');
      const { name, marked } = await focusedNow(page);
      if (name.includes('Skip to the screen')) break;
      expect(marked, `the focus can't be seen on ${name}`).toBe(true);
      stops.push(name);
    }
    expect(stops.length).toBeGreaterThan(10);
    expect(stops.length, `round and round: ${stops.slice(-6).join(' → ')}`).toBeLessThan(200);
  });

  it('goes past the rail by the first link, and to the heading of a screen that is opened', async () => {
    const { page } = workbench;
    await goTo(page, 'Overview');
    await goTo(page, 'Settings');
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    await vi.waitFor(async () => expect(await focused()).toBe('Settings'));
    await page.getByRole('button', { name: 'Skip to the screen' }).focus();
    await page.keyboard.press('Enter');
    expect(await focused()).toBe('Settings');
    await page.keyboard.press('ControlOrMeta+2');
    await vi.waitFor(async () => expect(await focused()).toBe('Plugins'));
  });

  it('stays in a dialog, and is back where it was when that closes', async () => {
    const { page } = workbench;
    await goTo(page, 'Plugins');
    const before = page.getByRole('button', { name: 'New plugin' });
    await before.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'New plugin' });
    await dialog.waitFor();
    for (let n = 0; n < 8; n += 1) {
      await page.keyboard.press('Tab');
      expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
    }
    await closeDialogs(page);
    await vi.waitFor(async () =>
      expect(await before.evaluate((element) => element === document.activeElement)).toBe(true),
    );
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('combobox', { name: 'Search commands' }).waitFor();
    await page.keyboard.type('tokens');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Tokens', level: 1 }).waitFor();
  });
});

it('moves nothing where the system asks for none', async () => {
  const { page } = workbench;
  const slowest = () =>
    page.evaluate(() =>
      Math.max(
        ...[...document.querySelectorAll('*')].map((element) => {
          const { transitionDuration, animationDuration } = getComputedStyle(element);
          return Math.max(...`${transitionDuration},${animationDuration}`.split(',').map(Number.parseFloat));
        }),
      ),
    );
  await goTo(page, 'Overview');
  expect(await slowest()).toBeGreaterThan(0.05);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await slowest()).toBeLessThan(0.001);
  await page.emulateMedia({ reducedMotion: null });
});

/** What has the focus, and whether one can see it: an outline, a shadow, or the editor's own frame. */
function focusedNow(page: Page): Promise<{ readonly name: string; readonly marked: boolean }> {
  return page.evaluate(() => {
    const accentOf = (frame: Element) => {
      const probe = document.createElement('span');
      probe.style.color = 'var(--wb-accent)';
      frame.append(probe);
      const { color } = getComputedStyle(probe);
      probe.remove();
      return color;
    };
    const element = document.activeElement ?? document.body;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    const outlined = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0;
    const editor = element.closest('.cm-editor')?.parentElement?.parentElement;
    const framed = editor != null && getComputedStyle(editor).borderTopColor === accentOf(editor);
    const words = element.getAttribute('aria-label') ?? element.textContent?.slice(0, 40) ?? '';
    return {
      name: `${element.tagName.toLowerCase()} “${words}”`,
      marked: outlined || boxShadow !== 'none' || framed,
    };
  });
}

async function closeDialogs(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await vi.waitFor(async () => expect(await page.getByRole('dialog').count()).toBe(0));
}

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
  // The page follows its address a moment later.
  await page.getByText('No trace selected').waitFor();
  await page.getByRole('option').filter({ hasText: plugin }).first().click();
  await page.getByRole('tab', { name: tab }).click();
  await page.getByRole('tabpanel').waitFor();
}

async function openPersonaMenu(page: Page): Promise<void> {
  await openTrace(page, 'writer', 'Context');
  await page.getByRole('button', { name: 'As persona' }).click();
  await page.getByRole('menu').waitFor();
}

async function startChecks(page: Page): Promise<void> {
  await goTo(page, 'Contract');
  await page.getByRole('button', { name: /^Run/ }).first().click();
  // The one that waits for the default timeout.
  await page.getByTestId('contract-progress').filter({ hasText: '1 running' }).waitFor();
}

async function endChecks(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByTestId('contract-headline').filter({ hasText: 'passed' }).waitFor();
  await page.getByRole('button', { name: /^Version header/ }).click();
  await page.getByRole('listitem').getByRole('button').first().click();
  await page.getByRole('heading', { name: 'Expected' }).waitFor();
}

async function openTarget(page: Page): Promise<void> {
  await page.getByText('Another runtime').click();
  await page.getByRole('button', { name: 'Target options' }).click();
  await page.getByText('Allow disruptive checks').waitFor();
}

async function openPastRun(page: Page): Promise<void> {
  await open(page, '/contract');
  await page.getByText('Another runtime').click();
  await page
    .getByRole('combobox', { name: 'Address of the runtime' })
    .fill(`http://127.0.0.1:${(other.address() as AddressInfo).port}`);
  await page.keyboard.press('ControlOrMeta+Enter');
  await page.getByTestId('contract-headline').filter({ hasText: 'failed' }).waitFor();
  await page.getByRole('link', { name: 'History 2' }).click();
  await page.getByRole('row').last().getByRole('link').click();
  await page.getByText('read-only').waitFor();
}

async function compareRuns(page: Page): Promise<void> {
  await open(page, '/contract/compare');
  await page.getByRole('row').filter({ hasText: '≠' }).first().getByRole('button').click();
  await page.getByRole('region', { name: 'Run B' }).waitFor();
}

async function mintToken(page: Page): Promise<void> {
  await goTo(page, 'Tokens');
  await page.getByRole('button', { name: 'Mint token' }).click();
  await page.getByRole('textbox', { name: /token/i }).first().waitFor();
  await page.getByText('user_id').first().waitFor();
}
