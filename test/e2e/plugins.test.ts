import { readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type FakeEditor, fakeEditor } from '../support/fake-editor.ts';
import { temporaryFolder, writePlugin } from '../support/folders.ts';
import { openWorkbench, type WorkbenchWindow } from '../support/workbench-window.ts';
import { goTo } from './journey.ts';

/** The Plugins screen in the real window, with an editor that is a real program. */

const PATIENCE = { timeout: 30_000 };

describe('the Plugins screen', () => {
  let workbench: WorkbenchWindow;
  let editor: FakeEditor;
  let removeEditor: () => Promise<void>;
  const pageErrors: string[] = [];
  beforeAll(async () => {
    const folder = await temporaryFolder('workbench-editor');
    removeEditor = folder.remove;
    editor = await fakeEditor(folder.path);
    workbench = await openWorkbench({ env: { MOZAIKS_EDITOR: editor.command } });
    workbench.page.on('pageerror', (error) => pageErrors.push(error.message));
  });
  afterAll(async () => {
    await workbench.close();
    await removeEditor();
  });

  const detailOf = (page: Page, name: string) =>
    page.getByRole('complementary', { name: `Plugin ${name}`, exact: true });
  const rows = (page: Page) => page.getByRole('row').getByRole('link').allTextContents();
  const sourceOf = (name: string) => join(workbench.plugins, name, 'logic.ts');
  const broken = (source: string) =>
    source.replace('export const execute', 'export const broken = (;\nexport const execute');

  it('opens with a plugin beside the list, and goes through the list by keyboard', async () => {
    const { page } = workbench;
    await goTo(page, 'Plugins');
    await detailOf(page, 'hello').waitFor(PATIENCE);
    await page.keyboard.press('j');
    await detailOf(page, 'hello_py').waitFor(PATIENCE);
    await page.keyboard.press('k');
    await detailOf(page, 'hello').waitFor(PATIENCE);
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('plugin-detail');
    await page.keyboard.press('/');
    await page.keyboard.type('python');
    await vi.waitFor(async () => expect(await rows(page)).toEqual(['hello_py', 'invoice_py', 'notes_py']));
    await page.keyboard.press('Escape');
    await vi.waitFor(async () => expect(await rows(page)).toHaveLength(8));
  });

  it('sorts by what is asked for, and turns the order round', async () => {
    const { page, baseUrl } = workbench;
    const call = (name: string) => fetch(`${baseUrl}/api/execute/${name}`, { method: 'POST', body: '{}' });
    await call('whoami');
    await call('whoami');
    await call('tasks');
    const calls = page.getByRole('button', { name: 'Calls' });
    await calls.click();
    await vi.waitFor(async () => expect((await rows(page)).slice(0, 2)).toEqual(['whoami', 'tasks']));
    await calls.click();
    await vi.waitFor(async () => expect((await rows(page)).at(-1)).toBe('whoami'));
    expect(await page.getByRole('columnheader', { name: 'Calls' }).getAttribute('aria-sort')).toBe(
      'ascending',
    );
    await page.getByRole('button', { name: 'Name', exact: true }).click();
  });

  it('opens the entry by its key, and a failure at its line and column', async () => {
    const { page, plugins } = workbench;
    const folder = await realpath(plugins);
    await page.getByRole('row').getByRole('link', { name: 'hello', exact: true }).click();
    await page.keyboard.press('o');
    await page.getByText('Opened in code').waitFor(PATIENCE);
    const source = await readFile(sourceOf('hello'), 'utf8');
    await writeFile(sourceOf('hello'), broken(source));
    const failure = page.getByRole('region', { name: 'Failure' });
    const place = (await failure.getByText(/^logic\.ts:\d+:\d+$/).textContent(PATIENCE)) ?? '';
    await failure.getByRole('button', { name: 'Open file' }).click();
    await vi.waitFor(async () =>
      expect(await editor.opened()).toEqual([
        [join(folder, 'hello/logic.ts')],
        ['-r', '-g', join(folder, 'hello', place)],
      ]),
    );
    await writeFile(sourceOf('hello'), source);
    await failure.waitFor({ state: 'detached', ...PATIENCE });
  });

  it('keeps the history of the reloads, and adds to it as they happen', async () => {
    const { page } = workbench;
    const reloads = detailOf(page, 'hello').getByRole('region', { name: 'Reloads' });
    const lines = reloads.getByRole('listitem');
    await vi.waitFor(async () => {
      const [newest = '', failed = '', first = ''] = await lines.allTextContents();
      expect(newest).toMatch(/^\d\d:\d\d:\d\dchange[0-9a-f]{8}[\d.]+ m?s$/);
      expect(failed).toMatch(/change.*Unexpected/);
      expect(first).toMatch(/first load/);
    });
    await page.keyboard.press('l');
    await lines.first().getByText('by hand').waitFor(PATIENCE);
    await reloads.getByRole('img', { name: /Latencies of the last 4 reloads/ }).waitFor(PATIENCE);
  });

  it('tells of a failure elsewhere until it heals, with the way to it; nothing on the plugin’s own screen', async () => {
    const { page } = workbench;
    const source = await readFile(sourceOf('tasks'), 'utf8');
    const toast = page.getByRole('alert').filter({ hasText: 'tasks didn’t load' });
    await goTo(page, 'Tokens');
    await writeFile(sourceOf('tasks'), broken(source));
    await toast.waitFor(PATIENCE);
    await writeFile(sourceOf('tasks'), source);
    await toast.waitFor({ state: 'detached', ...PATIENCE });
    await page.getByText('tasks loads again').waitFor(PATIENCE);

    await writeFile(sourceOf('tasks'), broken(source));
    await toast.getByRole('button', { name: 'Open' }).click(PATIENCE);
    await detailOf(page, 'tasks').getByRole('region', { name: 'Failure' }).waitFor(PATIENCE);
    await toast.waitFor({ state: 'detached', ...PATIENCE });
    // An announcement stays while the mouse is on it.
    await page.mouse.move(200, 8);
    await page.getByText('tasks loads again').waitFor({ state: 'detached', ...PATIENCE });
    await writeFile(sourceOf('tasks'), source);
    await detailOf(page, 'tasks')
      .getByRole('region', { name: 'Failure' })
      .waitFor({ state: 'detached', ...PATIENCE });
    expect(await page.getByText('tasks loads again').count()).toBe(0);
  });

  it('names what failed on the Overview, and what answers meanwhile', async () => {
    const { page } = workbench;
    const source = await readFile(sourceOf('whoami'), 'utf8');
    await goTo(page, 'Overview');
    await writeFile(sourceOf('whoami'), broken(source));
    const problem = page.getByRole('list', { name: 'Plugins with problems' }).getByRole('listitem');
    await problem.waitFor(PATIENCE);
    expect(await problem.textContent()).toMatch(/^whoami.*logic\.ts:\d+:\d+still serving \d\d:\d\d:\d\d/);
    await writeFile(sourceOf('whoami'), source);
    await problem.waitFor({ state: 'detached', ...PATIENCE });
  });

  it('finds the local database in the environment, and documents in it by the driver', async () => {
    const { baseUrl, page } = workbench;
    const source = 'export const execute = () => ({ uri: process.env.DATABASE_URI });';
    await writePlugin(workbench.plugins, 'where', source);
    const ask = async () =>
      (await fetch(`${baseUrl}/api/execute/where`, { method: 'POST', body: '{}' })).json() as Promise<object>;
    await expect.poll(ask).toHaveProperty('uri');
    const { uri = '' } = (await ask()) as { uri?: string };
    const client = await MongoClient.connect(uri);
    const notes = client.db('MozaiksCore').collection('notes');
    await notes.insertMany(Array.from({ length: 1_000 }, (_, n) => ({ n })));
    expect(await notes.countDocuments({ n: { $gte: 500 } })).toBe(500);
    await client.close();
    await goTo(page, 'Settings');
    const row = page.getByRole('row').filter({ hasText: 'DATABASE_URI' });
    await row.filter({ hasText: 'local database, not MongoDB' }).waitFor(PATIENCE);
  });

  it('met no error on the way', () => expect(pageErrors).toEqual([]));
});
