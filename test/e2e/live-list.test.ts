import type { Page } from 'playwright-core';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openWorkbench } from '../support/workbench-window.ts';
import { goTo } from './journey.ts';

/** The live list while executions come in: scrolled, hidden for long, and shown again. */

const WIDTH = 16;

async function execute(baseUrl: string, count: number): Promise<void> {
  let left = count;
  const one = async () => {
    while (left-- > 0) {
      const answer = await fetch(`${baseUrl}/api/execute/whoami`, { method: 'POST', body: '{}' });
      expect(answer.status).toBe(200);
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, one));
}

const list = (page: Page) => page.getByRole('listbox', { name: 'Traces' });

/** Ids of the rows that can be seen whole, from the top down. */
function visibleRows(page: Page): Promise<string[]> {
  return list(page).evaluate((element) => {
    const frame = element.getBoundingClientRect();
    return [...element.querySelectorAll('[role=option]')]
      .map((row) => ({ id: row.id.replace('trace-row-', ''), box: row.getBoundingClientRect() }))
      .filter(({ box }) => box.top >= frame.top - 1 && box.bottom <= frame.bottom + 1)
      .sort((a, b) => a.box.top - b.box.top)
      .map(({ id }) => id);
  });
}

it('stands still while scrolled, follows at the top, and catches up exactly after it was hidden', async () => {
  const workbench = await openWorkbench({ examples: ['whoami'] });
  onTestFinished(() => workbench.close());
  const { page, app, baseUrl } = workbench;
  const newest = async (limit: number) => {
    const answer = await page.evaluate((rows) => window.workbench?.call('traces', { limit: rows }), limit);
    if (answer?.ok !== true) throw new Error('no answer');
    return { ids: answer.value.traces.map(({ id }) => id), total: answer.value.kept + answer.value.dropped };
  };
  const showsNewest = () =>
    vi.waitFor(
      async () => {
        const shown = await visibleRows(page);
        expect(shown.length).toBeGreaterThan(10);
        expect(shown).toEqual((await newest(shown.length)).ids);
      },
      { timeout: 15_000 },
    );
  await goTo(page, 'Traces');
  await execute(baseUrl, 300);
  await showsNewest();

  await list(page).evaluate((element) => element.scrollTo({ top: 1_600 }));
  await vi.waitFor(async () => expect((await visibleRows(page))[0]).toBe((await newest(60)).ids[50]));
  const read = await visibleRows(page);
  await execute(baseUrl, 60);
  const more = page.getByRole('button', { name: '60 new' });
  await more.waitFor();
  expect(await visibleRows(page)).toEqual(read);
  await more.click();
  await showsNewest();
  await more.waitFor({ state: 'detached' });

  const before = (await newest(1)).total;
  await app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    window?.hide();
    const sent: string[] = [];
    Object.assign(globalThis, { sentWhileHidden: sent });
    const send = window?.webContents.send.bind(window.webContents);
    if (window === undefined || send === undefined) throw new Error('no window');
    window.webContents.send = (channel: string, ...rest: unknown[]) => {
      sent.push(String(rest[0]));
      send(channel, ...rest);
    };
  });
  // More than the runtime holds back for one window.
  await execute(baseUrl, 2_300);
  expect(await app.evaluate(() => Reflect.get(globalThis, 'sentWhileHidden'))).toEqual([]);
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.show());
  await showsNewest();
  expect((await newest(1)).total).toBe(before + 2_300);
  // Downwards too nothing is missing: the rows further below follow each other as they were recorded.
  await list(page).evaluate((element) => element.scrollTo({ top: 32 * 150 }));
  await vi.waitFor(async () => {
    const shown = await visibleRows(page);
    const all = (await newest(250)).ids;
    expect(shown[0]).toBe(all[150]);
    expect(shown).toEqual(all.slice(150, 150 + shown.length));
  });
});
