import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { axeProblems } from '../support/axe.ts';
import { collectPageErrors, savePicture } from '../support/page-witness.ts';
import { openWorkbench, type WorkbenchWindow } from '../support/workbench-window.ts';

/** Events of the plugins' bus: sent by hand, published by a plugin, and how subscribers take them. */

const SEARCH = `from mozaiks_infra.event_bus import event_bus, on_event
@on_event("film:added")
def index_film(data):
    raise ValueError("no room for " + data["title"])
def execute(data):
    event_bus.publish("film:found", {"title": "M", "password": "hunter-2"})
    return {}
`;

let workbench: WorkbenchWindow;
const pageErrors: string[] = [];
beforeAll(async () => {
  workbench = await openWorkbench({
    examples: ['hello'],
    async prepare(plugins) {
      await mkdir(join(plugins, 'search'));
      await writeFile(join(plugins, 'search', 'logic.py'), SEARCH);
    },
  });
  collectPageErrors(workbench.page, pageErrors);
});
afterAll(() => workbench?.close());

/** Nothing that axe minds in either theme, and a picture of each. */
async function look(page: Page, name: string) {
  await page.mouse.move(640, 60);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await vi.waitFor(async () =>
      expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe(colorScheme),
    );
    await savePicture(page, `${name}-${colorScheme}`);
    expect(await axeProblems(page, colorScheme === 'light' ? 'all' : 'colours')).toEqual([]);
  }
}

it('sends an event by keyboard alone, and shows how each subscriber took it', async () => {
  const { page } = workbench;
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('combobox', { name: 'Search commands' }).waitFor();
  await page.keyboard.type('Send event');
  await page.keyboard.press('Enter');
  await page.getByRole('listitem').filter({ hasText: 'film:added' }).getByText('index_film').waitFor();
  const name = page.getByRole('combobox', { name: 'Name' });
  await vi.waitFor(async () =>
    expect(await name.evaluate((field) => field === document.activeElement)).toBe(true),
  );
  await page.keyboard.type('film:added');
  await page.getByText('no plugin here has published it yet').waitFor();
  await page.getByRole('textbox', { name: 'Data of the event' }).click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText('{"title": "Metropolis"}');
  await page.keyboard.press('ControlOrMeta+Enter');
  const event = page.getByRole('region', { name: 'Event', exact: true });
  await event.getByText('ValueError: no room for Metropolis').waitFor();
  await look(page, 'events-sent');
});

it('lists what a call publishes as it comes, with the way to its trace', async () => {
  const { page, baseUrl } = workbench;
  await fetch(`${baseUrl}/api/execute/search`, { method: 'POST', body: '{}' });
  const list = page.getByRole('listbox', { name: 'Events' });
  await list.getByRole('option').filter({ hasText: 'plugin_executed' }).waitFor();
  await list.getByRole('option').filter({ hasText: 'film:found' }).click();
  const event = page.getByRole('region', { name: 'Event', exact: true });
  expect(await event.textContent()).not.toContain('hunter-2');
  await event.getByRole('link', { name: 'trace of the call' }).click();
  await page.getByRole('region', { name: /^Trace of/ }).waitFor();
  expect(pageErrors).toEqual([]);
});
