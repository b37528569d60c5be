import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openWorkbench, type WorkbenchWindow } from '../support/workbench-window.ts';
import { goTo } from './journey.ts';

/**
 * The contract's checks in the real window: running, against two runtimes, stored, compared, repeated, saved.
 */
describe('the Contract screen', () => {
  let workbench: WorkbenchWindow;
  /** A runtime without the version header, which never answers `silent`. */
  const other = { silent: '/info', address: '' };
  const server = createServer((request, response) => {
    if (request.url !== other.silent) response.end('{}');
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    other.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    workbench = await openWorkbench({ examples: ['hello'] });
  });
  afterAll(async () => {
    await workbench.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const headline = () => workbench.page.getByTestId('contract-headline');
  const line = (title: string | RegExp) => workbench.page.getByRole('button', { name: title });
  const focused = () => workbench.page.evaluate(() => document.activeElement?.textContent ?? '');

  it('shows what the contract asks for before any check, and finds clauses by words and by keys', async () => {
    const { page } = workbench;
    await goTo(page, 'Contract');
    await page.getByText('Not checked yet').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('timeout default');
    await line(/Unset, the timeout is 30 seconds/).waitFor();
    expect(await line(/GET \/health says healthy/).count()).toBe(0);
    await page.keyboard.press('ArrowDown');
    await vi.waitFor(async () => expect(await focused()).toContain('Timeouts'));
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await page.getByText('The default of MOZAIKS_PLUGIN_TIMEOUT_SECONDS is 30').waitFor();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await vi.waitFor(async () => expect(await focused()).toContain('Timeouts'));
    await page.getByRole('textbox', { name: 'Find clauses' }).fill('');
  });

  it('checks this runtime verdict by verdict, folds groups that passed, and saves the report', async () => {
    const { app, page, plugins } = workbench;
    await page.keyboard.press('ControlOrMeta+Enter');
    await page.getByRole('button', { name: 'Cancel' }).waitFor();
    await headline().waitFor({ timeout: 90_000 });
    expect(await headline().textContent()).toMatch(/^(\d+) of \1 passed$/);
    const clauses = page.getByRole('listitem').getByRole('button', { name: /passed/ });
    expect(await clauses.count(), 'all groups are folded').toBe(0);
    const path = join(plugins, '../report.md');
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath });
    }, path);
    await page.getByRole('button', { name: 'Save report' }).click();
    await page.getByRole('menuitem', { name: 'Markdown' }).click();
    await page.getByText('Report saved').waitFor();
    expect(await readFile(path, 'utf8')).toMatch(/\*\*Status\*\*: .*: (\d+) of \1 passed/);
  });

  it('shows verdicts of another runtime while the next ones are pending, and cancels on request', async () => {
    const { page } = workbench;
    await page.getByText('Another runtime').click();
    await page.getByRole('combobox', { name: 'Address of the runtime' }).fill(other.address);
    await page.keyboard.press('ControlOrMeta+Enter');
    await page
      .getByTestId('contract-progress')
      .filter({ hasText: /failed .*to go/ })
      .waitFor();
    await line(/failed/)
      .first()
      .waitFor();
    await line(/pending/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await headline()
      .filter({ hasText: /failed .* skipped/ })
      .waitFor();
    other.silent = '/nothing';
  });

  it('checks one clause again', async () => {
    const { page } = workbench;
    await page.getByRole('textbox', { name: 'Find clauses' }).fill('cancelled');
    const before = await headline().textContent();
    await page
      .getByRole('listitem')
      .getByRole('button', { name: /skipped/ })
      .first()
      .click();
    await page.getByRole('button', { name: 'Check again' }).click();
    await vi.waitFor(async () => {
      await headline().waitFor();
      expect(await headline().textContent()).not.toBe(before);
    });
    await page.getByRole('textbox', { name: 'Find clauses' }).fill('');
  });

  it('stores both runs, opens one, and compares them side by side', async () => {
    const { page } = workbench;
    await page.getByRole('link', { name: /^History/ }).click();
    await page.getByRole('row').filter({ hasText: 'this runtime' }).getByRole('link').click();
    await page.getByText('not the latest, read-only').waitFor();
    await page.keyboard.press('Escape');
    for (const box of await page.getByRole('checkbox').all()) await box.check();
    await page.getByRole('button', { name: 'Compare selected' }).click();
    const counted = page.getByRole('status').filter({ hasText: /^\d+ differ$/ });
    await counted.waitFor();
    await page.keyboard.press('d');
    await vi.waitFor(async () =>
      expect(await page.getByRole('row').filter({ hasText: '≠' }).count()).toBe(
        Number.parseInt((await counted.textContent()) ?? '', 10),
      ),
    );
    await page.getByRole('row').filter({ hasText: '≠' }).first().getByRole('button').click();
    await page.getByRole('region', { name: 'Run A' }).waitFor();
    await page.getByRole('region', { name: 'Run B' }).waitFor();
    const address = await page.evaluate(() => location.hash);
    await page.reload();
    await counted.waitFor();
    expect(await page.evaluate(() => location.hash)).toBe(address);
  });

  it('deletes runs, and says at once that nothing answers at an address', async () => {
    const { page } = workbench;
    await page.getByRole('link', { name: 'History 2' }).click();
    await page
      .getByRole('button', { name: /^Delete the run of/ })
      .first()
      .click();
    await page.getByRole('link', { name: 'History 1' }).waitFor();
    await page.getByRole('button', { name: 'Delete all' }).click();
    await page.getByRole('button', { name: 'Delete 1 run' }).click();
    await page.getByText('No past runs').waitFor();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('g');
    await page.getByText('Another runtime').click();
    const address = page.getByRole('combobox', { name: 'Address of the runtime' });
    await address.click();
    await page.getByRole('option', { name: other.address }).waitFor();
    await address.fill('http://127.0.0.1:1');
    await page.keyboard.press('Enter');
    await page.getByText('No runtime answers at http://127.0.0.1:1').waitFor();
    await page.getByRole('button', { name: 'Retry' }).waitFor();
  });
});
