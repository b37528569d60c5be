import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { axeProblems } from '../support/axe.ts';
import { collectPageErrors, savePicture } from '../support/page-witness.ts';
import { openWorkbench, type WorkbenchWindow } from '../support/workbench-window.ts';

/** The Data screen over the local database: from its first document to a snapshot that brings all back. */

let workbench: WorkbenchWindow;
const pageErrors: string[] = [];
beforeAll(async () => {
  workbench = await openWorkbench({ examples: ['hello'] });
  collectPageErrors(workbench.page, pageErrors);
});
afterAll(() => workbench?.close());

const option = (page: Page, text: string | RegExp) => page.getByRole('option').filter({ hasText: text });

/** Replaces what is in the editor. */
async function type(page: Page, editor: string, text: string) {
  await page.getByRole('textbox', { name: editor }).click();
  await page.keyboard.press('ControlOrMeta+a');
  // Typed, so brackets would be closed by themselves.
  await page.keyboard.insertText(text);
}

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

it('begins with nothing, and says how a plugin stores its first document', async () => {
  const { page } = workbench;
  await page.evaluate(() => {
    location.hash = '#/data';
  });
  await page.getByText('Nothing is stored yet').waitFor();
  await page.getByText('Local database, not MongoDB').waitFor();
});

it('creates a collection with its first document, filters and edits', async () => {
  const { page } = workbench;
  await page.getByRole('button', { name: 'Insert a document by hand' }).click();
  await page.getByRole('textbox', { name: 'Collection' }).fill('notes');
  await type(page, 'First document', '{_id: 1, text: "milk", stars: 2.0}');
  await page.getByRole('button', { name: 'Insert document' }).click();
  await page.getByRole('link', { name: 'notes 1' }).waitFor();
  await page.getByRole('button', { name: 'Close the document' }).click();

  await page.keyboard.press('n');
  await type(page, 'Document', '{_id: 2, text: "bread"}');
  await page.keyboard.press('ControlOrMeta+Enter');
  await option(page, 'bread').waitFor();
  const filter = page.getByRole('textbox', { name: 'Filter' });
  await filter.fill('{text: /^mi/');
  await filter.press('Enter');
  await page.getByText('Line 1, column 13: , or } is missing').waitFor();
  await filter.fill('{text: /^mi/}');
  await filter.press('Enter');
  await vi.waitFor(async () => expect(await page.getByRole('option').allTextContents()).toHaveLength(1));
  await option(page, 'milk').click();
  await page.getByRole('region', { name: 'Document 1' }).getByText('"stars": 2.0').waitFor();
  await look(page, 'data-document');

  await page.keyboard.press('e');
  await type(page, 'Document as Extended JSON', '{"_id": 1, "text": "milk, two", "stars": 2.0}');
  await page.getByRole('button', { name: 'Save' }).click();
  await option(page, 'milk, two').waitFor();
});

it('deletes a document, and brings it back', async () => {
  const { page } = workbench;
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByText('No matching documents').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await option(page, 'milk, two').waitFor();
});

it('drops a collection, and returns to the snapshot from before', async () => {
  const { page } = workbench;
  await page.getByRole('button', { name: 'Snapshots' }).click();
  await page.getByRole('menuitem', { name: 'Take a snapshot' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('before the demo');
  await page.keyboard.press('Enter');
  await page.getByText('Snapshot taken').waitFor();
  await page.getByRole('button', { name: 'More for this collection' }).click();
  await page.getByRole('menuitem', { name: 'Drop collection' }).click();
  await look(page, 'data-drop');
  await page.getByRole('button', { name: 'Drop collection' }).click();
  await page.getByText('Nothing is stored yet').waitFor();
  await page.getByRole('button', { name: 'Snapshots' }).click();
  await page.getByRole('menuitem', { name: 'before the demo' }).first().waitFor();
  await look(page, 'data-snapshots');
  await page.getByRole('menuitem', { name: /^before the demo/ }).click();
  await page.getByRole('button', { name: 'Restore snapshot' }).click();
  await page.getByRole('link', { name: 'notes 2' }).click();
  await option(page, 'bread').waitFor();
  expect(await page.getByRole('option').allTextContents()).toHaveLength(2);
});

it('met no error on the way', () => expect(pageErrors).toEqual([]));
