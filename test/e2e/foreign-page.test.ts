import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ROUTES } from '../../main/contract/http.ts';
import { type HeadlessWorkbench, openHeadless } from '../support/headless.ts';
import { serve } from '../support/http-server.ts';

/** What a page of any site that the developer visits can do to the runtime, in a real Chromium. */

let workbench: HeadlessWorkbench;

beforeAll(async () => {
  workbench = await openHeadless(['hello']);
});
afterAll(() => workbench.close());

/** A page of another site: `localhost` is another one than `127.0.0.1`. */
async function foreignPage(): Promise<Page> {
  const site = await serve((_req, res) => res.setHeader('Content-Type', 'text/html').end('<p>evil</p>'));
  const page = await workbench.browser.newPage();
  onTestFinished(() => page.close());
  await page.goto(site.replace('127.0.0.1', 'localhost'));
  return page;
}

async function inspect(name: string, argument: unknown): Promise<{ value: { [key: string]: unknown } }> {
  const body = JSON.stringify(argument);
  const answer = await fetch(new URL(`../call/${name}`, workbench.uiUrl), { method: 'POST', body });
  return answer.json() as Promise<{ value: { [key: string]: unknown } }>;
}

const refusedCount = async () => Number((await inspect('refusals', null)).value.count);
const tracesKept = async () => Number((await inspect('traces', { limit: 1 })).value.kept);

describe('a page of another site', () => {
  it('H12: floods an execute route without pushing out a trace', async () => {
    const url = `${workbench.baseUrl}/api/execute/hello`;
    for (let call = 0; call < 20; call += 1) {
      expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(200);
    }
    expect(await tracesKept()).toBe(20);
    const before = await refusedCount();
    const page = await foreignPage();
    const sent = await page.evaluate(async (target) => {
      const until = performance.now() + 3_000;
      let count = 0;
      const post = async () => {
        while (performance.now() < until) {
          count += 1;
          await fetch(`${target}?${'x'.repeat(7_000)}`, { method: 'POST', body: '{}', mode: 'no-cors' });
        }
      };
      await Promise.all(Array.from({ length: 6 }, post));
      return count;
    }, url);
    expect(sent).toBeGreaterThan(50);
    expect((await refusedCount()) - before).toBe(sent);
    expect(await tracesKept()).toBe(20);
  });

  it('gets nothing from any route, in any way that a page has to send', async () => {
    const page = await foreignPage();
    const routes = Object.values(ROUTES).map((path) => path.replace(/:\w+/, 'hello'));
    const urls = [
      ...routes.map((path) => workbench.baseUrl + path),
      new URL('../call/snapshot', workbench.uiUrl).href,
    ];
    const before = await refusedCount();
    const kept = await tracesKept();
    const read = await page.evaluate(async (targets) => {
      const seen: string[] = [];
      const headers = { authorization: 'Bearer x' };
      for (const target of targets) {
        for (const init of [{}, { method: 'POST', body: '{}' }, { method: 'POST', body: '{}', headers }]) {
          await fetch(target, init).then(
            ({ status }) => seen.push(`${target} ${status}`),
            () => undefined,
          );
          const opaque = await fetch(target, { ...init, mode: 'no-cors' });
          if (opaque.type !== 'opaque') seen.push(`${target} ${opaque.type}`);
        }
        await new Promise((resolve) => {
          const image = Object.assign(new Image(), { src: target, onload: resolve, onerror: resolve });
          document.body.append(image);
        });
        await new Promise((resolve) => {
          const socket = new WebSocket(target.replace('http', 'ws'));
          socket.onopen = () => resolve(seen.push(`${target} opened`));
          socket.onerror = resolve;
        });
      }
      return seen;
    }, urls);
    expect(read).toEqual([]);
    expect((await refusedCount()) - before).toBeGreaterThanOrEqual(urls.length * 7);
    expect(await tracesKept()).toBe(kept);
  });

  it('posts a form and opens a link to the UI without an effect', async () => {
    const page = await foreignPage();
    const kept = await tracesKept();
    const posted = page.waitForResponse((response) => response.url().includes('/api/execute/hello'));
    await page.evaluate((action) => {
      const form = Object.assign(document.createElement('form'), {
        action,
        method: 'post',
        enctype: 'text/plain',
      });
      document.body.append(form);
      form.submit();
    }, `${workbench.baseUrl}/api/execute/hello`);
    expect((await posted).status()).toBe(403);
    expect(await tracesKept()).toBe(kept);
  });
});
