import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toHtml } from '../../main/conformance/reports/html.ts';
import type { ConformanceReport } from '../../main/contract/conformance.ts';
import { axeProblems } from '../support/axe.ts';
import { connectChromium } from '../support/chromium.ts';
import { HOSTILE_TEXTS, hostileCheck, madeCheck, madeReport } from '../support/made-report.ts';

/** The HTML report as its recipient sees it: a real browser, from disk. */
describe('the HTML report in a browser', () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    browser = await connectChromium();
    folder = await mkdtemp(join(tmpdir(), 'html-report-'));
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const open = async (report: ConformanceReport, look: { colorScheme: 'light' | 'dark'; width: number }) => {
    const file = join(folder, 'report.html');
    await writeFile(file, toHtml(report));
    const page = await browser.newPage({
      viewport: { width: look.width, height: 900 },
      colorScheme: look.colorScheme,
    });
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    return { page, asked, file };
  };

  const openAll = (page: Page) =>
    page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
    });

  const MIXED = madeReport([
    madeCheck('header.health'),
    madeCheck('header.value', { verdict: 'differs' }),
    madeCheck('health.counts', { verdict: 'failed', stage: 'a second runtime' }),
    madeCheck('identity.user-jwt', { verdict: 'skipped' }),
    hostileCheck('cors.foreign', HOSTILE_TEXTS[1]),
    madeCheck('limit.body', {
      observed: `413 ${'x'.repeat(3_000)}`,
      exchanges: [
        {
          request: 'POST / HTTP/1.1',
          answer: { status: 413, headers: {}, body: 'x\n'.repeat(900) },
          durationMs: 1,
        },
      ],
    }),
  ]);

  it('has nothing that axe finds wrong in either theme, and fits every width', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await open(MIXED, { colorScheme, width: 1280 });
      expect(await axeProblems(page)).toEqual([]);
      await openAll(page);
      for (const width of [1280, 600, 320]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await axeProblems(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
      }
      await page.close();
    }
  });

  it('leads from what is broken to its evidence', async () => {
    const { page } = await open(MIXED, { colorScheme: 'light', width: 1280 });
    await page.getByRole('link', { name: 'Version header: Names the version' }).click();
    const clause = page.locator('details:target');
    expect(await clause.locator('summary').innerText()).toContain('Names the version');
    await clause.locator('summary').click();
    expect(await clause.getByRole('group', { name: 'Request' }).innerText()).toContain('GET /health');
    await page.close();
  });

  it('shows hostile answers as text, asks for nothing, and would let no script run', async () => {
    const checks = HOSTILE_TEXTS.map((text) => hostileCheck('header.health', text));
    const { page, asked, file } = await open(madeReport(checks), { colorScheme: 'light', width: 1280 });
    let dialogs = 0;
    page.on('dialog', (dialog) => {
      dialogs += 1;
      return dialog.dismiss();
    });
    await openAll(page);
    const seen = await page.locator('.pair').first().innerText();
    expect(seen).toContain(HOSTILE_TEXTS[0]);
    expect(await page.locator('script, img, iframe').count()).toBe(0);
    // Even what got in would be stopped by the file's own policy.
    const ran = await page.evaluate(async () => {
      const stopped = new Promise((resolve) =>
        addEventListener('securitypolicyviolation', resolve, { once: true }),
      );
      const script = document.createElement('script');
      script.textContent = 'document.title = "harmed"';
      document.body.append(script);
      await stopped;
      return document.title;
    });
    expect(ran).not.toBe('harmed');
    expect(dialogs).toBe(0);
    expect(asked).toEqual([pathToFileURL(file).href]);
    await page.close();
  });
});
