import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openWorkbench, type WorkbenchWindow } from '../support/workbench-window.ts';
import { checkContract, goTo } from './journey.ts';

/** The contract's checks in the real window: against this runtime, against another one, stopped, repeated, saved. */
describe('the Contract screen', () => {
  let workbench: WorkbenchWindow;
  beforeAll(async () => {
    workbench = await openWorkbench();
  });
  afterAll(() => workbench.close());

  /** A runtime without the version header, which never answers `silent`. */
  async function otherRuntime(silent: { path: string }): Promise<string> {
    const server = createServer((request, response) => {
      if (request.url !== silent.path) response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('saves the report of this runtime where the dialog says', async () => {
    const { app, page, plugins } = workbench;
    await checkContract(workbench);
    const path = join(plugins, '../report.md');
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath });
    }, path);
    await page.getByRole('button', { name: 'Save report' }).click();
    await page.getByRole('menuitem', { name: 'Markdown' }).click();
    await page.getByText('Report saved').waitFor();
    expect(await readFile(path, 'utf8')).toContain('**Result**: 23 of 23 kept, 0 broken, 0 skipped');
  });

  it('judges another runtime, says how far it is, and stops when told to', async () => {
    const { page } = workbench;
    const silent = { path: '/info' };
    const address = await otherRuntime(silent);
    await goTo(page, 'Contract');
    await page.getByText('Another runtime').click();
    await page.getByLabel('Address of the runtime').fill(address);
    await page.getByRole('button', { name: 'Run again' }).click();
    await page.getByText('4 of 23 · GET /info').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    const headline = page.getByTestId('contract-headline').filter({ hasText: '0 of 23 kept' });
    await headline.waitFor();
    expect(await headline.textContent()).toBe('0 of 23 kept · 4 broken · 19 skipped');

    silent.path = '/nothing';
    await page.getByRole('button', { name: /^GET \/info/ }).click();
    await page.getByRole('row').filter({ hasText: 'the run was cancelled' }).first().waitFor();
    const opened = page.locator('tr:has(button:has-text("GET /info")) + tr');
    await opened.getByRole('button', { name: 'Check again' }).click();
    await headline.filter({ hasText: '5 broken · 18 skipped' }).waitFor();
    await goTo(page, 'Overview');
    await page.getByText('23 of 23 checks kept').waitFor();
  });

  it('says at once that nothing answers at an address', async () => {
    const { page } = workbench;
    await goTo(page, 'Contract');
    await page.getByLabel('Address of the runtime').fill('http://127.0.0.1:1');
    await page.keyboard.press('Enter');
    await page.getByText('No runtime answers at http://127.0.0.1:1').waitFor();
    await page.getByRole('button', { name: 'Retry' }).waitFor();
  });
});
