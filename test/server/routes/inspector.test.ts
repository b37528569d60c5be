import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../support/folders.ts';
import { startRuntime } from '../../support/runtime.ts';

const token = 'launch-token-of-this-test';
const plugins = { alpha: 'export const execute = () => ({ ok: true });' };

async function startHeadless() {
  const folder = await temporaryFolder('ui');
  onTestFinished(folder.remove);
  const uiFolder = join(folder.path, 'ui');
  await mkdir(uiFolder);
  await writeFile(join(uiFolder, 'index.html'), '<p>UI</p>');
  await writeFile(join(folder.path, 'outside.html'), 'outside');
  const runtime = await startRuntime({ plugins, headless: { token, uiFolder } });
  const root = `${runtime.baseUrl}/__inspector/${token}`;
  const call = async (name: string, body: string) =>
    (await fetch(`${root}/call/${name}`, { method: 'POST', body })).json() as Promise<unknown>;
  return { ...runtime, root, call };
}

/** Reads a server-sent event stream until `enough` says so. */
async function readEvents(url: string, enough: (text: string) => boolean): Promise<string> {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  const response = await fetch(url, { signal: controller.signal });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  expect(response.headers.get('x-mozaiks-runtime-version')).toBe('1.0.0');
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (enough(text)) break;
  }
  controller.abort();
  return text;
}

describe('the Inspector over HTTP', () => {
  it('does not exist where there is no headless shell', async () => {
    const { get } = await startRuntime({ plugins });
    expect((await get(`/__inspector/${token}/ui/`)).status).toBe(404);
  });

  it.each(['', '/', '/ui/', '/wrong/ui/', '/wrong/events', `/${token.slice(0, -1)}/ui/`, `/${token}x/ui/`])(
    'answers %j with 401 and tells nothing',
    async (path) => {
      const { baseUrl, get } = await startHeadless();
      const answer = await get(`/__inspector${path}`);
      expect(answer.status).toBe(401);
      expect(answer.json).toMatchObject({ error_code: 'UNAUTHORIZED', status_code: 401 });
      expect(answer.text).not.toContain(token);
      const call = await fetch(`${baseUrl}/__inspector/wrong/call/snapshot`, { method: 'POST' });
      expect(call.status).toBe(401);
    },
  );

  it('serves the UI with its policy, and nothing outside its folder', async () => {
    const { root } = await startHeadless();
    const page = await fetch(`${root}/ui/`);
    expect([page.status, await page.text()]).toEqual([200, '<p>UI</p>']);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    for (const path of ['..%2foutside.html', '%2e%2e/outside.html', 'missing.html']) {
      expect([path, (await fetch(`${root}/ui/${path}`)).status]).toEqual([path, 404]);
    }
  });

  it('answers calls with a Result', async () => {
    const { call } = await startHeadless();
    expect(await call('snapshot', 'null')).toMatchObject({
      ok: true,
      value: { shell: 'headless', ready: true },
    });
    expect(await call('trace', '{"id":5}')).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } });
    expect(await call('nothing', 'null')).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
    expect(await call('trace', '{"id":')).toMatchObject({ error_code: 'BAD_REQUEST' });
    expect(await call('trace', `"${'a'.repeat(9 * 1024 * 1024)}"`)).toMatchObject({
      error_code: 'BAD_REQUEST',
    });
  });

  it('streams the snapshot, reloads and traces, and logs no error when a page goes away', async () => {
    const { root, execute, write, log } = await startHeadless();
    const events = readEvents(
      `${root}/events`,
      (text) => /event: traces\n.*"plugin":"alpha"/.test(text) && text.includes('event: reload'),
    );
    await expect.poll(async () => (await execute('alpha')).status).toBe(200);
    await write('alpha', 'export const execute = () => ({ ok: 2 });');
    await execute('alpha');
    expect(await events).toContain('event: snapshot');
    await expect.poll(async () => (await execute('alpha')).json).toEqual({ ok: 2 });
    expect(log.lines.filter((line) => line.includes('went away'))).toEqual([]);
  });

  it('is closed to pages of other origins, open to its own', async () => {
    const { root, baseUrl } = await startHeadless();
    const post = async (origin: string) =>
      (await fetch(`${root}/call/snapshot`, { method: 'POST', body: 'null', headers: { Origin: origin } }))
        .status;
    expect(await post('https://evil.example')).toBe(403);
    expect(await post('http://127.0.0.1:1')).toBe(403);
    expect(await post('null')).toBe(403);
    expect(await post(baseUrl)).toBe(200);
  });
});
