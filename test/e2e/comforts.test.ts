import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachInspector } from '../support/inspector-client.ts';
import { collectPageErrors, savePicture } from '../support/page-witness.ts';
import { openWorkbench, type WorkbenchWindow } from '../support/workbench-window.ts';
import { goTo, typeBody } from './journey.ts';

/** Making a plugin and debugging it, as a person does, in the real window. */

describe('the window', () => {
  let workbench: WorkbenchWindow;
  const pageErrors: string[] = [];
  beforeAll(async () => {
    workbench = await openWorkbench({ examples: ['hello'] });
    collectPageErrors(workbench.page, pageErrors);
  });
  afterAll(() => workbench.close());

  const picture = (name: string) => savePicture(workbench.page, name);

  it.each([
    ['TypeScript', 'my-ts'],
    ['JavaScript', 'my_js'],
    ['Python', 'my-py'],
  ])('makes a plugin in %s that runs at once', async (language, name) => {
    const { page } = workbench;
    await goTo(page, 'Plugins');
    await page.keyboard.press('n');
    const dialog = page.getByRole('dialog', { name: 'New plugin' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
    await dialog.getByText(language, { exact: true }).click();
    await picture(`new-plugin-${language.toLowerCase()}`);
    await dialog.getByRole('button', { name: 'Create' }).click();
    const detail = page.getByRole('complementary', { name: `Plugin ${name}` });
    await detail.getByText('loaded', { exact: true }).waitFor();
    await detail.getByRole('button', { name: 'Run', exact: true }).click();
    await typeBody(page, '{"greeting": "Salve"}');
    await page.keyboard.press('ControlOrMeta+Enter');
    await page
      .getByText(/"Salve, \w+!"/)
      .first()
      .waitFor();
  });

  it('says what is wrong with a name, and makes nothing', async () => {
    const { page, plugins } = workbench;
    const before = await readdir(plugins);
    await goTo(page, 'Plugins');
    await page.getByRole('button', { name: 'New plugin' }).click();
    const dialog = page.getByRole('dialog', { name: 'New plugin' });
    const create = dialog.getByRole('button', { name: 'Create' });
    expect(await create.isDisabled()).toBe(true);
    for (const [name, words] of [
      ['_mine', 'are skipped'],
      ['a b', 'letters, digits, _ and - only'],
      ['hello', 'There is a plugin named hello already'],
    ] as const) {
      await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
      await dialog.getByText(words).waitFor();
      expect(await create.isDisabled()).toBe(true);
    }
    await picture('new-plugin-refused');
    // In the folder, but no plugin: only the runtime knows.
    await mkdir(join(plugins, 'notes'));
    await dialog.getByRole('textbox', { name: 'Name' }).fill('notes');
    await create.click();
    await dialog.getByText('notes already exists and was left as it is').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await readdir(plugins)).toEqual([...before, 'notes'].sort());
  });

  it('opens a plugin to debuggers, says when one is attached, and closes it again', async () => {
    const { page } = workbench;
    await page.evaluate(() => {
      location.hash = '#/plugins/hello';
    });
    const detail = page.getByRole('complementary', { name: 'Plugin hello' });
    await detail.getByRole('button', { name: 'Debug', exact: true }).click();
    const box = detail.getByRole('region', { name: 'Debugger' });
    await box.getByText('Waiting for a debugger to attach').waitFor();
    const url = await box.getByText(/^ws:/).textContent();
    await picture('debug-waiting');
    const client = await attachInspector(url ?? '');
    await box.getByText('A debugger is attached: timeouts paused').waitFor();
    await picture('debug-attached');
    client.detach();
    await box.getByText('Waiting for a debugger to attach').waitFor();
    await detail.getByRole('button', { name: 'Stop debugging' }).click();
    await box.waitFor({ state: 'detached' });
    await expect(attachInspector(url ?? '')).rejects.toThrow('ECONNREFUSED');
  });

  it('met no error on the way', () => expect(pageErrors).toEqual([]));
});
