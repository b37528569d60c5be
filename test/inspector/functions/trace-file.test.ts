import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Har } from 'har-format';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { ArgumentOf, InspectorName } from '../../../main/contract/inspector.ts';
import { cleanUpAfterAll } from '../../support/clean-up.ts';
import { callInspector } from '../../support/inspector-call.ts';
import { startRuntime, type TestRuntime } from '../../support/runtime.ts';

/** Traces leave a running workbench as a file, and come back from one only to be looked at. */

const TOKEN = 'launch-token-of-this-test';
const plugins = { echo: 'export const execute = (data) => ({ note: data.note });' };

describe('traces as files', () => {
  let shared: TestRuntime;
  const cleanUp = cleanUpAfterAll();
  beforeAll(async () => {
    shared = await startRuntime({
      plugins,
      headless: { token: TOKEN, uiFolder: '/nowhere' },
      cleanUp,
    });
    for (const note of ['one', 'two', 'three']) await shared.execute('echo', { note });
    await shared.execute('missing');
    await vi.waitFor(async () => expect((await call('traces', { limit: 9 })).kept).toBe(4));
  });

  const call = <N extends InspectorName>(name: N, argument: ArgumentOf<N>) =>
    callInspector(shared, name, argument);

  const fetchDownload = (id: string) => fetch(`${shared.baseUrl}/__inspector/${TOKEN}/downloads/${id}`);

  async function exported(argument: ArgumentOf<'exportTraces'>): Promise<string> {
    const outcome = await call('exportTraces', argument);
    if (outcome.state !== 'download') throw new Error(outcome.state);
    return (await fetchDownload(outcome.id)).text();
  }

  const idsOf = (text: string) =>
    (JSON.parse(text) as { traces: { id: string }[] }).traces.map(({ id }) => id);

  it('go to a browser as a download that is saved, never shown, and can be had once', async () => {
    const outcome = await call('exportTraces', { format: 'json', choice: { file: null } });
    if (outcome.state !== 'download') throw new Error(outcome.state);
    const answer = await fetchDownload(outcome.id);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-disposition': `attachment; filename="${outcome.name}"`,
      'x-content-type-options': 'nosniff',
      'x-mozaiks-runtime-version': '1.0.0',
    });
    expect(idsOf(await answer.text())).toHaveLength(4);
    expect((await fetchDownload(outcome.id)).status).toBe(404);
    const foreign = await fetch(`${shared.baseUrl}/__inspector/wrong/downloads/${outcome.id}`);
    expect(foreign.status).toBe(401);
  });

  it('are those of a filter, or those named in the order named', async () => {
    const { traces } = await call('traces', { limit: 9, outcome: 'ok' });
    const ids = traces.map(({ id }) => id);
    expect(idsOf(await exported({ format: 'json', choice: { file: null, outcome: 'ok' } }))).toEqual(ids);
    expect(idsOf(await exported({ format: 'json', choice: { file: null, text: '"two"' } }))).toEqual([
      ids[1],
    ]);
    const named = [ids[2] ?? '', ids[0] ?? ''].map((id) => ({ id, file: null }));
    expect(idsOf(await exported({ format: 'json', choice: { traces: named } }))).toEqual([ids[2], ids[0]]);
  });

  it('open again beside the store, which stays as it was', async () => {
    const text = await exported({ format: 'json', choice: { file: null } });
    const before = await call('traces', { limit: 9 });
    const view = await call('openTraceFile', { name: 'x.json', text });
    const page = await call('traces', { limit: 9, file: view.id });
    expect(page).toMatchObject({ matched: 4, kept: 4, dropped: 0 });
    const [first] = page.traces;
    const inFile = await call('trace', { id: first?.id ?? '', file: view.id });
    expect(inFile).toEqual(await call('trace', { id: first?.id ?? '' }));
    expect(await call('traces', { limit: 9 })).toEqual(before);
    await call('clearTraces', null);
    expect((await call('traces', { limit: 9, file: view.id })).kept).toBe(4);
    const har = await exported({ format: 'har', choice: { file: view.id, plugin: 'echo' } });
    expect((JSON.parse(har) as Har).log.entries).toHaveLength(3);
    await call('closeTraceFile', { id: view.id });
    await expect(call('traces', { limit: 9, file: view.id })).rejects.toThrow(
      'NOT_FOUND: This file is no longer open',
    );
  });

  it('keep the path they came by when copied as curl, and no masked header', async () => {
    const path = '/api/plugins/echo/execute?a=1';
    const headers = { cookie: 'session=abc', 'x-api-key': 'k-123456789', 'x-note': 'mine' };
    await fetch(`${shared.baseUrl}${path}`, { method: 'POST', headers, body: '{"note":"via host"}' });
    await expect.poll(async () => (await call('traces', { limit: 1, text: 'via host' })).matched).toBe(1);
    const [row] = (await call('traces', { limit: 1, text: 'via host' })).traces;
    const ref = { id: row?.id ?? '', file: null };
    const plain = await call('traceAsCurl', { ...ref, persona: 'anonymous', revealToken: false });
    expect(plain).toContain(`'${shared.baseUrl}${path}'`);
    expect(plain).toContain("-H 'x-note: mine'");
    expect(plain).not.toMatch(/cookie|x-api-key|authorization/i);
    // Not in this process's own time: the runtime that curl calls lives in it.
    const { stdout } = await promisify(execFile)('sh', ['-c', plain.replace('curl -i', 'curl -s')]);
    expect(JSON.parse(stdout)).toEqual({ note: 'via host' });
    const hidden = await call('traceAsCurl', { ...ref, persona: 'user', revealToken: false });
    expect(hidden).toContain('"Authorization: Bearer $TOKEN"');
    const shown = await call('traceAsCurl', { ...ref, persona: 'user', revealToken: true });
    expect(shown).toMatch(/Authorization: Bearer eyJ[\w-]+\.[\w-]+\.[\w-]+/);
  });
});
