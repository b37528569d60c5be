import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { axeProblems } from '../support/axe.ts';
import { collectPageErrors, savePicture } from '../support/page-witness.ts';
import { openWorkbench, type WorkbenchWindow } from '../support/workbench-window.ts';

/** The screen Messages: a connection, what a plugin sends over it, and why others were refused. */

const TALKER = `
from mozaiks_infra.websocket_manager import websocket_manager
from mozaiks_platform.notifications_manager import notifications_manager

async def execute(data):
    await websocket_manager.broadcast({"type": "greeting", "text": data.get("text", "hello")})
    await notifications_manager.create_notification(data["user_id"], "talker_news", "News", "It rains")
    return {"ok": True}
`;

let workbench: WorkbenchWindow;
let baseUrl: string;
const pageErrors: string[] = [];
beforeAll(async () => {
  const prepare = async (plugins: string) => {
    const folder = join(plugins, 'talker');
    await mkdir(folder);
    await writeFile(join(folder, 'logic.py'), TALKER);
  };
  workbench = await openWorkbench({ examples: ['hello'], prepare });
  collectPageErrors(workbench.page, pageErrors);
  baseUrl = workbench.baseUrl;
  await workbench.page.evaluate(() => {
    location.hash = '#/messages';
  });
});
afterAll(() => workbench?.close());

const call = async (body: object) => {
  const answer = await fetch(`${baseUrl}/api/execute/talker`, { method: 'POST', body: JSON.stringify(body) });
  return answer.status;
};

/** Nothing that axe minds in either theme, and a picture of each. */
async function look(name: string) {
  const { page } = workbench;
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

it('says how a page connects while nobody does', async () => {
  const { page } = workbench;
  await page.getByText('Nobody is connected').waitFor();
  await page.getByText(`${baseUrl.replace('http', 'ws')}/ws/notifications/_`).waitFor();
  await look('messages-empty');
});

it('connects as a persona, and shows every message with its cause and its payload', async () => {
  const { page } = workbench;
  await page.keyboard.press('c');
  await page.getByRole('button', { name: 'Disconnect' }).waitFor();
  expect(await call({})).toBe(200);
  const sent = page.getByRole('option').filter({ hasText: 'greeting' });
  await sent.first().click();
  await page.getByText('Delivered to 1 connection ·').waitFor();
  await page.getByRole('region', { name: 'Message' }).getByText('"hello"').waitFor();
  await page.getByRole('option').filter({ hasText: 'reached nobody' }).first().waitFor();
  await look('messages-sent');
  await page.getByRole('tab', { name: 'Test connection' }).click();
  await page.getByRole('list', { name: 'Arrived messages' }).getByText('"hello"').first().waitFor();
  await look('messages-arrived');
});

it('pauses, filters by connection, and leads to the trace', async () => {
  const { page } = workbench;
  await page.getByRole('tab', { name: 'Sent' }).click();
  await page.keyboard.press('p');
  expect(await call({ text: 'while paused' })).toBe(200);
  await page.getByRole('button', { name: 'Resume (2 new)' }).click();
  await page.getByRole('button', { name: /subprotocol access_token/ }).click();
  await page.getByText('Only what one connection got').waitFor();
  await expect.poll(() => page.getByRole('option').filter({ hasText: 'reached nobody' }).count()).toBe(0);
  await page.getByRole('listbox', { name: 'Messages' }).press('ArrowDown');
  await page.getByRole('link', { name: 'sent by talker: show the trace' }).click();
  await page.getByRole('tab', { name: /^Logs/ }).click();
  await page.getByText('delivered to 1 connection').waitFor();
  await page.getByText('delivered to 0 connections of dev-user').waitFor();
  await page.goBack();
});

it('says why a connection was refused, and how it ended', async () => {
  const { page } = workbench;
  await page.evaluate(() => {
    location.hash = '#/messages';
  });
  const socket = new WebSocket(`${baseUrl.replace('http', 'ws')}/ws/notifications/bob`);
  await new Promise((resolve) => socket.once('close', resolve));
  await page.getByText('User ID mismatch').waitFor();
  await page.getByText('Connect to /ws/notifications/_ or /ws/notifications/dev-user').waitFor();
  await page.getByRole('button', { name: /^Close the connection of/ }).click();
  await page.getByText('Closed in the workbench').waitFor();
  await page.getByText('Nobody is connected now.').waitFor();
  await page.getByRole('button', { name: 'Clear messages' }).click();
  await page.getByRole('tab', { name: 'Test connection' }).click();
  await page.getByText('Closed with 1001').waitFor();
  expect(pageErrors).toEqual([]);
});
