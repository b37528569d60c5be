import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Har } from 'har-format';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Trace } from '../../main/contract/trace.ts';
import { aDatabaseSpan, anHttpSpan } from '../renderer/support/trace-fixture.ts';
import { axeProblems } from '../support/axe.ts';
import { temporaryFolder } from '../support/folders.ts';
import { type HeadlessWorkbench, openHeadless } from '../support/headless.ts';
import { openWorkbench, resizeWindow, type WorkbenchWindow } from '../support/workbench-window.ts';
import { goTo } from './journey.ts';

/** The Traces screen as a person uses it: by keyboard, comparing, out to files and back in. */

const PATIENCE = { timeout: 30_000 };
const rows = (page: Page) => page.getByRole('option');
const selected = (page: Page) => page.locator('[role="option"][aria-selected="true"]');
const hash = (page: Page) => page.evaluate(() => location.hash);
const openedId = async (page: Page) => /^#\/traces\/([0-9a-f]{16})/.exec(await hash(page))?.[1] ?? null;

/** Six calls, oldest first: three to whoami that differ, one refused, two to hello. */
async function makeCalls(baseUrl: string): Promise<void> {
  const call = (path: string, body: object, headers = {}) =>
    fetch(`${baseUrl}${path}`, { method: 'POST', body: JSON.stringify(body), headers });
  await call('/api/execute/hello', { name: 'Ada' });
  await call('/api/plugins/hello/execute', { name: 'Grace' });
  await call('/api/execute/none', {});
  await call('/api/execute/whoami', { user_id: 'evil', note: 'first' });
  await call('/api/execute/whoami', { user_id: 'evil', note: 'second' });
  await call('/api/execute/whoami', { note: '<img src=x onerror=alert(1)>' });
}

async function openTraces(page: Page, count: number): Promise<void> {
  await goTo(page, 'Traces');
  await rows(page)
    .nth(count - 1)
    .waitFor(PATIENCE);
}

/** By this button's own menu: another one may still be closing. */
async function exportShown(page: Page): Promise<void> {
  const name = 'Export the shown traces';
  await page.getByRole('button', { name }).click();
  await page.getByRole('menu', { name }).getByRole('menuitem', { name: /JSON/ }).click();
}

async function openFile(page: Page, path: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Open a file of traces' }).click();
  await (await chooser).setFiles(path);
}

describe('the window', () => {
  let workbench: WorkbenchWindow;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const pageErrors: string[] = [];
  beforeAll(async () => {
    folder = await temporaryFolder('traces-e2e');
    workbench = await openWorkbench({ examples: ['hello', 'whoami'] });
    workbench.page.on('pageerror', (error) => pageErrors.push(error.message));
    workbench.page.on('dialog', (dialog) => pageErrors.push(`a dialog: ${dialog.message()}`));
    await makeCalls(workbench.baseUrl);
    await openTraces(workbench.page, 6);
  });
  afterAll(async () => {
    await workbench.close();
    await folder.remove();
  });

  /** The native dialog's answer, and nothing else, is put in place. */
  async function saveAs(name: string | null): Promise<string> {
    const path = join(folder.path, name ?? 'none');
    const answer = name === null ? { canceled: true, filePath: '' } : { canceled: false, filePath: path };
    await workbench.app.evaluate(({ dialog }, given) => {
      dialog.showSaveDialog = async () => given as Awaited<ReturnType<typeof dialog.showSaveDialog>>;
    }, answer);
    return path;
  }

  it('goes up and down, in and back out by keyboard', async () => {
    const { page } = workbench;
    await rows(page).first().click();
    const newest = await openedId(page);
    await page.keyboard.press('j');
    await expect.poll(() => openedId(page)).not.toBe(newest);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('k');
    await page.keyboard.press('k');
    await expect.poll(() => openedId(page)).toBe(newest);
    await page.keyboard.press('End');
    await page.getByRole('region', { name: 'Trace of hello' }).waitFor(PATIENCE);
    await page.keyboard.press('Home');
    const detail = page.getByRole('region', { name: 'Trace of whoami' });
    await detail.waitFor(PATIENCE);
    const hasFocus = () => detail.evaluate((element) => element === document.activeElement);
    await page.getByRole('listbox').focus();
    await page.keyboard.press('Enter');
    expect(await hasFocus()).toBe(true);
    await page.keyboard.press('Escape');
    expect(await hasFocus()).toBe(false);
    expect(await openedId(page)).toBe(newest);
    await page.keyboard.press('Escape');
    await expect.poll(() => openedId(page)).toBeNull();
    await page.keyboard.press('/');
    await page.keyboard.insertText('"second"');
    await expect.poll(() => rows(page).count()).toBe(1);
    await page.keyboard.press('Escape');
    await expect.poll(() => rows(page).count()).toBe(6);
    await page.getByRole('heading', { name: 'Traces', level: 1 }).click();
    await page.keyboard.press('p');
    await page.getByText('paused', { exact: true }).waitFor(PATIENCE);
    await page.keyboard.press('p');
    await page.getByText('live', { exact: true }).waitFor(PATIENCE);
  });

  it('selects several rows, and lets go of them', async () => {
    const { page } = workbench;
    await rows(page).nth(0).click();
    await rows(page)
      .nth(2)
      .click({ modifiers: ['Control'] });
    await expect.poll(() => selected(page).count()).toBe(2);
    await rows(page)
      .nth(5)
      .click({ modifiers: ['Shift'] });
    await expect.poll(() => selected(page).count()).toBe(4);
    await page.getByRole('toolbar', { name: 'Selected traces' }).getByText('4 selected').waitFor(PATIENCE);
    await page.keyboard.press('Escape');
    await expect.poll(() => selected(page).count()).toBe(0);
    await page.getByRole('listbox').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowDown');
    await expect.poll(() => selected(page).count()).toBe(2);
    await page.keyboard.press('Escape');
  });

  it('compares two traces at an address of their own', async () => {
    const { page } = workbench;
    await rows(page).nth(1).click();
    const second = await openedId(page);
    await page.keyboard.press('c');
    await rows(page).nth(2).click();
    await page.getByRole('region', { name: 'Comparison of two traces' }).waitFor(PATIENCE);
    const address = await hash(page);
    expect(decodeURIComponent(address)).toContain(`compare=${second},`);
    await page.getByRole('tab', { name: /^Request/ }).click();
    const body = page.getByRole('region', { name: 'Request body' });
    await body.getByText('second', { exact: true }).waitFor(PATIENCE);
    expect(await body.getByRole('img', { name: 'only in A' }).count()).toBe(1);
    expect(await body.getByRole('img', { name: 'only in B' }).count()).toBe(1);
    await page.keyboard.press('s');
    await expect.poll(async () => decodeURIComponent(await hash(page))).toContain(`,${second}`);
    await page.getByRole('tab', { name: /^Timing/ }).click();
    await page.getByText('A to B', { exact: true }).waitFor(PATIENCE);
    await page.keyboard.press('Escape');
    await page.getByRole('listbox').waitFor(PATIENCE);
    // The same address opens it again.
    await page.evaluate((to) => {
      location.hash = to;
    }, address);
    await page.getByRole('tab', { name: /^Context/ }).click();
    await page.getByText('"second"').first().waitFor(PATIENCE);
    // In a low window too, all of it can be reached.
    await page.getByRole('tab', { name: /^Summary/ }).click();
    const last = page.getByRole('tabpanel').getByRole('row').last();
    await resizeWindow(workbench, [960, 600]);
    await page.getByRole('tabpanel').hover();
    await page.mouse.wheel(0, 5_000);
    await expect
      .poll(async () => {
        const box = await last.boundingBox();
        return box !== null && box.y + box.height < (await page.evaluate(() => window.innerHeight));
      })
      .toBe(true);
    await resizeWindow(workbench, [1280, 820]);
    await page.getByRole('button', { name: 'Close' }).click();
  });

  it('opens a trace by its address, and says when there is none', async () => {
    const { page } = workbench;
    const id = await rows(page).nth(3).getAttribute('id');
    const to = (trace: string) =>
      page.evaluate((given) => {
        location.hash = `#/traces/${given}`;
      }, trace);
    await to(id?.replace('trace-row-', '') ?? '');
    await page.getByRole('region', { name: 'Trace of none' }).waitFor(PATIENCE);
    await to('0123456789abcdef');
    await page.getByText('This trace no longer exists').waitFor(PATIENCE);
    await page.getByRole('button', { name: 'Back to the list' }).click();
    await page.getByText('No trace selected').waitFor(PATIENCE);
  });

  it('exports what is shown, opens it again read-only, and replays from it here', async () => {
    const { page } = workbench;
    const path = await saveAs('all.json');
    await exportShown(page);
    await page.getByText('6 traces exported').waitFor(PATIENCE);
    const file = JSON.parse(await readFile(path, 'utf8')) as { format: string; traces: unknown[] };
    expect(file).toMatchObject({ format: 'mozaiks-workbench-traces', version: 1 });
    expect(file.traces).toHaveLength(6);

    await openFile(page, path);
    await page.getByText(/6 traces from file all\.json, read-only/).waitFor(PATIENCE);
    await rows(page).nth(5).waitFor(PATIENCE);
    await rows(page).nth(0).click();
    await page.getByRole('tab', { name: 'Request', exact: true }).click();
    await page.getByText('<img src=x onerror=alert(1)>').first().waitFor(PATIENCE);
    await page.getByRole('button', { name: 'Replay here' }).click();
    await expect.poll(() => hash(page)).not.toContain('file=');
    await expect.poll(() => rows(page).count()).toBe(7);
    // Still open: the way back leads into it.
    await page.goBack();
    await page
      .getByText(/read-only/)
      .first()
      .waitFor(PATIENCE);
    await page.getByRole('button', { name: 'Close file' }).click();
    await expect.poll(() => rows(page).count()).toBe(7);
    await page
      .getByText(/read-only/)
      .first()
      .waitFor({ state: 'detached' });
  });

  it('writes an HTTP Archive of the selected ones', async () => {
    const { page } = workbench;
    const path = await saveAs('two.har');
    await rows(page).nth(5).click();
    await rows(page)
      .nth(6)
      .click({ modifiers: ['Control'] });
    await page.getByRole('toolbar').getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: /HAR/ }).click();
    await page.getByText('2 traces exported').waitFor(PATIENCE);
    const { log } = JSON.parse(await readFile(path, 'utf8')) as Har;
    expect(log).toMatchObject({ version: '1.2', creator: { name: 'Mozaiks Workbench' } });
    expect(log.entries.map(({ request }) => request.url)).toEqual([
      `${workbench.baseUrl}/api/plugins/hello/execute`,
      `${workbench.baseUrl}/api/execute/hello`,
    ]);
    for (const { time, timings, response, startedDateTime } of log.entries) {
      const { blocked = 0, send = 0, wait, receive } = timings;
      expect(time).toBeCloseTo(blocked + send + wait + receive, 6);
      expect(Math.min(blocked, send, wait, receive)).toBeGreaterThanOrEqual(0);
      expect(response).toMatchObject({ status: 200, content: { mimeType: expect.stringContaining('json') } });
      expect(new Date(startedDateTime).toISOString()).toBe(startedDateTime);
    }
    await page.keyboard.press('Escape');
  });

  it('writes nothing when the dialog is closed, and says what is wrong with a file', async () => {
    const { page } = workbench;
    await saveAs(null);
    await exportShown(page);
    const hostile = join(folder.path, 'hostile.json');
    await writeFile(hostile, '{"format":"mozaiks-workbench-traces","version":1,"traces":[{"id":"<b>"}]}');
    await openFile(page, hostile);
    await page.getByText(/“hostile\.json” can't be opened: traces\[0\]\.id/).waitFor(PATIENCE);
    expect(await rows(page).count()).toBe(7);
  });

  it('met no error on the way', () => expect(pageErrors).toEqual([]));
});

describe('the browser', () => {
  let workbench: HeadlessWorkbench;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => {
    folder = await temporaryFolder('traces-browser');
    workbench = await openHeadless(['hello', 'whoami']);
    await makeCalls(workbench.baseUrl);
    await openTraces(workbench.page, 6);
  });
  afterAll(async () => {
    await workbench.close();
    await folder.remove();
  });

  it('downloads what is shown and opens it again', async () => {
    const { page } = workbench;
    const download = page.waitForEvent('download');
    await exportShown(page);
    const saved = await download;
    expect(saved.suggestedFilename()).toMatch(/^mozaiks-traces-[\d-]+\.json$/);
    const path = join(folder.path, 'downloaded.json');
    await saved.saveAs(path);
    expect((JSON.parse(await readFile(path, 'utf8')) as { traces: unknown[] }).traces).toHaveLength(6);
    await openFile(page, path);
    await page.getByText(/6 traces from file .*read-only/).waitFor(PATIENCE);
    // A reloaded page still shows it: the runtime holds it.
    await page.reload();
    await page.getByText(/6 traces from file .*read-only/).waitFor(PATIENCE);
    await rows(page).nth(5).waitFor(PATIENCE);
    await page.getByRole('button', { name: 'Close file' }).click();
    await page.getByText('live', { exact: true }).waitFor(PATIENCE);
  });

  it('shows what a plugin did during its run, and opens it by keyboard', async () => {
    const { page } = workbench;
    const file = join(folder.path, 'inside.json');
    const saved = await readFile(join(folder.path, 'downloaded.json'), 'utf8');
    await writeFile(file, withInside(saved));
    await openFile(page, file);
    await page.getByText(/1 trace from file inside\.json/).waitFor(PATIENCE);
    await rows(page).first().click();
    await page.getByRole('button', { name: '1 finding' }).click();
    await page.getByText('1 database command, 1 HTTP request, up to 2 at once').waitFor(PATIENCE);
    await page.getByText('12 more commands and requests were not recorded.').waitFor(PATIENCE);

    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim());
    await page.getByRole('button', { name: 'Show find tasks' }).click();
    await expect.poll(focused).toMatch(/^find tasks .*3 documents$/);
    const detail = page.getByRole('list', { name: 'What the plugin did' });
    await detail.getByText('"$date"', { exact: true }).waitFor(PATIENCE);
    expect(await axeProblems(page, 'all', TRACE)).toEqual([]);
    await page.keyboard.press('ArrowLeft');
    await detail.getByText('"$date"', { exact: true }).waitFor({ state: 'detached' });
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toMatch(/^GET .*ECONNREFUSED.*carries user_jwt$/);
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toMatch(/^5 console lines /);
    await page.keyboard.press('ArrowRight');
    await detail.getByText('line 4').waitFor(PATIENCE);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await focused()).toBe('run');
    await page.keyboard.press('ArrowLeft');
    await detail.waitFor({ state: 'detached' });
  });
});

const TRACE = 'section[aria-label^="Trace of"]';

/** The newest trace of an exported file, as if its plugin had done more. */
function withInside(exported: string): string {
  const { traces, ...head } = JSON.parse(exported) as { traces: readonly Trace[] };
  const [trace] = traces;
  if (trace === undefined) throw new Error('the file has no trace');
  const inside: Partial<Trace> = {
    children: [
      aDatabaseSpan({ durationMs: 5, filter: '{"due":{"$lt":{"$date":"2026-01-02T03:04:05Z"}}}' }),
      anHttpSpan({ status: null, responseBytes: null, error: 'connect ECONNREFUSED', carriesUserJwt: true }),
    ],
    droppedChildren: 12,
    findings: [
      { rule: 'not-scoped', text: 'find on tasks without user_id or app_id', collection: 'tasks', child: 0 },
    ],
    console: Array.from({ length: 5 }, (_, at) => ({ atMs: 3 + at, level: 'log', text: `line ${at}` })),
  };
  return JSON.stringify({ ...head, traces: [Object.assign(trace, inside)] });
}
