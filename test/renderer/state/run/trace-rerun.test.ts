import { describe, expect, it } from 'vitest';
import type { RunRequest } from '../../../../main/contract/run.ts';
import type { StoredBody } from '../../../../main/contract/trace.ts';
import { editableBody, type RecordedCall, routeOf } from '../../../../renderer/state/run/trace-rerun.ts';
import { runAnswer } from '../../support/run-answer.ts';
import type { Answers } from '../../support/stub-bridge.ts';
import { stubStores } from '../../support/stub-stores.ts';

const traceOf = (body: StoredBody | null, path = '/api/execute/tasks'): RecordedCall => ({
  plugin: 'tasks',
  request: { method: 'POST', path, headers: {}, body },
});
const small: StoredBody = { json: { action: 'list' }, bytes: 17, truncated: false };

function openTrace(answers: Answers = {}) {
  const stub = stubStores(answers, { hash: '/traces/abc' });
  const { runForm, ui } = stub.stores;
  runForm.choose({ several: true, personas: ['anonymous', 'admin'] });
  return { ...stub, ...stub.stores, formChoices: () => runForm.store.getState().choices, ui };
}

it('opens Run with plugin, body and persona', () => {
  const { traceRerun, runForm, ui, page, formChoices } = openTrace();
  traceRerun.edit(traceOf(small), 'admin');
  expect(page.hash()).toBe('/run/tasks');
  expect(ui.store.getState().choices).toMatchObject({ runPlugin: 'tasks', persona: 'admin' });
  expect(runForm.bodyOf('tasks')).toBe('{\n  "action": "list"\n}');
  expect(formChoices()).toMatchObject({ several: false, routes: {} });
});

it('keeps the path of the trace', () => {
  const { traceRerun, formChoices } = openTrace();
  const hosted = traceOf(small, '/api/plugins/tasks/execute');
  expect([routeOf(traceOf(small)), routeOf(hosted)]).toEqual(['execute', 'plugin-host']);
  traceRerun.edit(hosted, 'user');
  expect(formChoices().routes).toEqual({ tasks: 'plugin-host' });
  traceRerun.edit(traceOf(small), 'user');
  expect(formChoices().routes).toEqual({});
});

it('does nothing with a truncated body', async () => {
  const { traceRerun, ui, page, calls } = openTrace();
  const cut = traceOf({ text: '{"a": "', bytes: 900_000, truncated: true });
  traceRerun.edit(cut, 'user');
  await traceRerun.runAsSeveral(cut);
  expect([page.hash(), calls, ui.store.getState().choices.runPlugin]).toEqual(['/traces/abc', [], null]);
});

it('repeats the call as every selected persona, on the same path', async () => {
  const { traceRerun, runs, page, calls } = openTrace({ run: () => runAnswer() });
  await traceRerun.runAsSeveral(traceOf(small, '/api/plugins/tasks/execute'));
  expect(page.hash()).toBe('/run/tasks');
  const sent = calls.map(({ argument }) => argument as RunRequest);
  expect(sent.map(({ plugin, persona, route }) => [plugin, persona, route])).toEqual([
    ['tasks', 'anonymous', 'plugin-host'],
    ['tasks', 'admin', 'plugin-host'],
  ]);
  expect(runs.store.getState().lastComparison?.columns).toHaveLength(2);
});

describe('editableBody', () => {
  it('formats JSON, returns text as is, and nothing for a truncated body', () => {
    expect(editableBody({ json: { a: 1 }, bytes: 7, truncated: false })).toBe('{\n  "a": 1\n}');
    expect(editableBody({ text: '{oops', bytes: 5, truncated: false })).toBe('{oops');
    expect(editableBody({ text: '{"a":', bytes: 999_999, truncated: true })).toBeNull();
    expect(editableBody(null)).toBe('');
  });

  it('keeps a body that is the JSON null', () => {
    expect(editableBody({ json: null, bytes: 4, truncated: false })).toBe('null');
  });
});
