import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { axeProblems } from '../support/axe.ts';
import { savePicture } from '../support/page-witness.ts';
import { openWorkbench, type WorkbenchWindow } from '../support/workbench-window.ts';

/** CONTRACT.md §7 as it is seen: below a run's answer, on a trace, and as a part of the Contract screen. */

const PATIENCE = { timeout: 30_000 };
const LINE = '500 {"detail":"Internal Server Error"}, without error_code and status_code.';

describe('in production', () => {
  let workbench: WorkbenchWindow;
  beforeAll(async () => {
    workbench = await openWorkbench({
      examples: ['hello'],
      prepare: async (plugins) => {
        await mkdir(join(plugins, 'refuses'));
        const source = 'async def execute(data):\n    return {"error": None, "error_code": "NO_ROOM"}\n';
        await writeFile(join(plugins, 'refuses/logic.py'), source);
      },
    });
  });
  afterAll(() => workbench?.close());

  const goTo = (hash: string) =>
    workbench.page.evaluate((place) => {
      location.hash = place;
    }, hash);

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

  it('says so below the answer, on the trace, and where all differences are listed', async () => {
    const { page } = workbench;
    await goTo('#/run/refuses');
    await page.getByRole('textbox', { name: 'JSON body' }).waitFor(PATIENCE);
    await page.keyboard.press('ControlOrMeta+Enter');
    await page.getByText(LINE).waitFor(PATIENCE);
    expect(await page.getByText('In production').count()).toBeGreaterThanOrEqual(1);
    await look(page, 'in-production-run');

    await page.getByRole('link', { name: 'Open trace' }).click();
    await page.getByRole('tab', { name: 'Response' }).click();
    await page.getByRole('tabpanel').getByText(LINE).waitFor(PATIENCE);
    await look(page, 'in-production-trace');

    await page.getByRole('link', { name: 'In production' }).first().click();
    await page.getByRole('cell', { name: 'enabled: false in manifest.json: 404' }).waitFor(PATIENCE);
    expect(
      await page.getByRole('link', { name: 'Differences from production' }).getAttribute('aria-current'),
    ).toBe('page');
    await look(page, 'in-production-contract');
  });
});
