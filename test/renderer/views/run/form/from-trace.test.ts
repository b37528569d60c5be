import { beforeEach, expect, it } from 'vitest';
import type { RunRequest } from '../../../../../main/contract/run.ts';
import type { StoredBody, Trace } from '../../../../../main/contract/trace.ts';
import { choose, uiStore } from '../../../../../renderer/state/app/ui.ts';
import { matrixStore } from '../../../../../renderer/views/run/compare/matrix-store.ts';
import {
  editAndReplay,
  replayAsSeveral,
  routeOf,
} from '../../../../../renderer/views/run/form/from-trace.ts';
import { bodyOf } from '../../../../../renderer/views/run/form/run-body.ts';
import { chooseRun, runChoices } from '../../../../../renderer/views/run/form/run-choices.ts';
import { stubBridge } from '../../../support/stub-bridge.ts';
import { stubPage } from '../../../support/stub-page.ts';

type Called = Pick<Trace, 'plugin' | 'request'>;

const traceOf = (body: StoredBody | null, path = '/api/execute/tasks'): Called => ({
  plugin: 'tasks',
  request: { method: 'POST', path, headers: {}, body },
});
const small: StoredBody = { json: { action: 'list' }, bytes: 17, truncated: false };

beforeEach(() => {
  choose({ runBodies: {}, runPlugin: null, persona: 'user' });
  chooseRun({ several: true, personas: ['anonymous', 'admin'], samples: {}, routes: {} });
  matrixStore.setState({ matrix: null, cancelling: false });
});

it('opens Run with plugin, body and persona', () => {
  const page = stubPage('/traces/abc');
  editAndReplay(traceOf(small), 'admin');
  expect(page.hash()).toBe('/run/tasks');
  expect(uiStore.getState().choices).toMatchObject({ runPlugin: 'tasks', persona: 'admin' });
  expect(bodyOf('tasks')).toBe('{\n  "action": "list"\n}');
  expect(runChoices.getState()).toMatchObject({ several: false, routes: {} });
});

it('keeps the path of the trace', () => {
  stubPage('/traces/abc');
  const hosted = traceOf(small, '/api/plugins/tasks/execute');
  expect([routeOf(traceOf(small)), routeOf(hosted)]).toEqual(['execute', 'plugin-host']);
  editAndReplay(hosted, 'user');
  expect(runChoices.getState().routes).toEqual({ tasks: 'plugin-host' });
  editAndReplay(traceOf(small), 'user');
  expect(runChoices.getState().routes).toEqual({});
});

it('does nothing with a truncated body', async () => {
  const page = stubPage('/traces/abc');
  const stub = stubBridge({});
  const cut = traceOf({ text: '{"a": "', bytes: 900_000, truncated: true });
  editAndReplay(cut, 'user');
  await replayAsSeveral(cut);
  expect([page.hash(), stub.calls, uiStore.getState().choices.runPlugin]).toEqual(['/traces/abc', [], null]);
});

it('repeats the call as every selected persona, on the same path', async () => {
  const page = stubPage('/traces/abc');
  const stub = stubBridge({
    run: () => ({
      ...{ status: 200, headers: {}, body: { json: {}, bytes: 2, truncated: false }, durationMs: 1 },
      ...{ versionHeader: { expected: '1', observed: '1', ok: true }, traceId: null, cancelled: false },
    }),
  });
  await replayAsSeveral(traceOf(small, '/api/plugins/tasks/execute'));
  expect(page.hash()).toBe('/run/tasks');
  const sent = stub.calls.map(({ argument }) => argument as RunRequest);
  expect(sent.map(({ plugin, persona, route }) => [plugin, persona, route])).toEqual([
    ['tasks', 'anonymous', 'plugin-host'],
    ['tasks', 'admin', 'plugin-host'],
  ]);
  expect(matrixStore.getState().matrix?.columns).toHaveLength(2);
});
