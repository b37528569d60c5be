import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { startRuntime } from '../support/runtime.ts';
import { SECRET } from '../support/server.ts';
import { bearer, localToken } from '../support/tokens.ts';

/** Secrets in places where nobody expects them, looked for in all that a runtime leaves behind. */

const LAUNCH = 'launch-token-of-this-very-run-0123456789';

const PLUGIN = `export async function execute(data) {
  const jwt = data.user_jwt;
  if (data.how === 'key') return { [jwt]: 1, nested: { ['x' + jwt]: [jwt] }, [encodeURIComponent(jwt)]: 1 };
  if (data.how === 'code') return { error: { why: jwt }, error_code: jwt };
  if (data.how === 'name') { const error = new Error('no'); error.name = jwt; error.stack = jwt + ' at x'; throw error; }
  if (data.how === 'print') console.log('x'.repeat(262000), jwt, JSON.stringify(JSON.stringify({ jwt })));
  if (data.how === 'signature') return { tail: jwt.split('.')[2], rest: jwt.split('.').slice(0, 2).join('.') };
  return { url: 'https://x/?a=1&t=' + encodeURIComponent(jwt), text: Buffer.from(jwt).toString() };
}`;

function bytesBelow(folder: string): string {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), 'latin1'))
    .join('\n');
}

it('leaves no secret in files, exports, commands or the log', async () => {
  const headless = { token: LAUNCH, uiFolder: '/nowhere' };
  const { runtime, config, execute, log, baseUrl } = await startRuntime({
    plugins: { leak: PLUGIN },
    headless,
  });
  const token = localToken({ sub: 'ada' });
  const headers = bearer(token);
  const ways = ['key', 'code', 'name', 'print', 'signature', 'url'];
  for (const how of ways) await execute('leak', { how }, headers);
  await execute(`leak?token=${token}&x=${encodeURIComponent(token)}`, {}, headers);
  await execute(token, {}, headers);
  await execute(`leak%2f${token}`, { [token]: token }, headers);
  const opaque = `opaque${'0123456789abcdef'.repeat(12)}`;
  await execute(opaque, {}, { authorization: `Bearer ${opaque}` });
  await execute(
    'leak',
    {},
    { ...headers, referer: `${baseUrl}/__inspector/${LAUNCH}/ui/`, 'x-note': SECRET },
  );
  await execute('leak', {}, { ...headers, 'x-forwarded-authorization': token, cookie: `session=${token}` });
  await vi.waitFor(() => expect(runtime.traces.counts().kept).toBe(ways.length + 6));
  const found: string[] = [];
  const call = async (name: string, argument: unknown) => {
    const answer = JSON.stringify(await runtime.inspector.call(name, argument));
    expect(answer).toMatch(/^\{"ok":true/);
    found.push(answer);
    return JSON.parse(answer).value;
  };
  for (const format of ['json', 'har']) {
    const { id } = await call('exportTraces', { format, choice: { file: null } });
    const path = `/__inspector/${LAUNCH}/downloads/${id}`;
    found.push(await (await fetch(baseUrl + path)).text());
    expect((await fetch(baseUrl + path)).status).toBe(404);
  }
  for (const { id } of (await call('traces', { limit: 50 })).traces) {
    await call('traceAsCurl', { id, file: null, persona: 'user', revealToken: false });
  }
  await call('snapshot', null);
  await call('settings', null);
  await runtime.stop();
  found.push(bytesBelow(join(config.configPath, 'traces')), JSON.stringify(log));
  const [, claims = '', signature = ''] = token.split('.');
  const leaks = { token, SECRET, signature, claims, opaque: opaque.slice(0, 100), LAUNCH };
  const text = found.join('\n');
  expect(
    Object.entries(leaks)
      .filter(([, secret]) => text.includes(secret))
      .map(([name]) => name),
  ).toEqual([]);
});
