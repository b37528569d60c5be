import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { CreatedPlugin, ReloadRecord } from '../../../../main/contract/plugin-view.ts';
import type { RunAnswer } from '../../../../main/contract/run.ts';
import {
  beginFirstMinute,
  closeFirstMinute,
  type FirstMinuteState,
  firstMinuteStore,
  MINUTE_STEPS,
} from '../../../../renderer/state/app/first-minute.ts';
import { Refusal, stubBridge } from '../../support/stub-bridge.ts';
import { stubPage } from '../../support/stub-page.ts';

const fresh = firstMinuteStore.getInitialState();
beforeEach(() => firstMinuteStore.setState({ ...fresh, phase: 'offered' }, true));

const created: CreatedPlugin = { name: 'greeter', folder: '/p/greeter', files: ['logic.ts'], plugin: null };
const answered = (status: number) => ({ status, traceId: 'a1b2' }) as RunAnswer;
const states = ({ steps }: FirstMinuteState) => MINUTE_STEPS.map((step) => steps[step].state);
const reload = (changes: Partial<ReloadRecord>): ReloadRecord => ({
  ...{ plugin: 'greeter', at: 0, ok: true, latencyMs: 41.2, version: null, cause: 'change', error: null },
  ...changes,
});

function begin(status = 200) {
  const page = stubPage('/overview');
  const stub = stubBridge({
    createPlugin: () => created,
    openInEditor: () => ({ editor: 'code', file: 'logic.ts' }),
    run: () => answered(status),
  });
  onTestFinished(closeFirstMinute);
  return { page, stub };
}

test('goes from the wish to the open trace by itself, then waits for a change', async () => {
  const { page, stub } = begin();
  await beginFirstMinute('greeter', 'typescript');
  expect(stub.calls.map(({ name }) => name)).toEqual(['createPlugin', 'openInEditor', 'run']);
  expect(page.hash()).toBe('/traces/a1b2');
  expect(firstMinuteStore.getState().phase).toBe('going');
  expect(states(firstMinuteStore.getState())).toEqual(['done', 'done', 'done', 'done', 'waiting']);
  stub.emit('reload', reload({ latencyMs: null }));
  stub.emit('reload', reload({ plugin: 'other' }));
  stub.emit('reload', reload({ cause: 'manual' }));
  expect(firstMinuteStore.getState().steps.change.state).toBe('waiting');
  stub.emit('reload', reload({ ok: false, latencyMs: null, error: 'Unexpected ";"' }));
  expect(firstMinuteStore.getState().steps.change).toMatchObject({
    state: 'failed',
    problem: 'Unexpected ";"',
  });
  stub.emit('reload', reload({}));
  expect(firstMinuteStore.getState().steps.change).toMatchObject({ state: 'done', result: '41 ms' });
});

test('goes on without an editor, and says why there is none', async () => {
  const { stub } = begin();
  stub.answers.openInEditor = () => {
    throw new Refusal('CONFLICT', 'No editor is known');
  };
  await beginFirstMinute('greeter', 'python');
  expect(states(firstMinuteStore.getState())).toEqual(['done', 'failed', 'done', 'done', 'waiting']);
  expect(firstMinuteStore.getState().steps.open.problem).toBe('No editor is known');
});

test('ticks no call that was not answered with 200', async () => {
  const { page } = begin(401);
  await beginFirstMinute('greeter', 'python');
  expect(states(firstMinuteStore.getState())).toEqual(['done', 'done', 'failed', 'waiting', 'waiting']);
  expect(page.hash()).toBe('/overview');
});

test('a name that is refused is told where it was given, and nothing has begun', async () => {
  const { stub } = begin();
  stub.answers.createPlugin = () => {
    throw new Refusal('CONFLICT', 'greeter is there already');
  };
  await beginFirstMinute('greeter', 'python');
  expect(firstMinuteStore.getState()).toMatchObject({
    phase: 'offered',
    refusal: 'greeter is there already',
  });
  expect(states(firstMinuteStore.getState())).toEqual([
    'waiting',
    'waiting',
    'waiting',
    'waiting',
    'waiting',
  ]);
});

test('closed is closed for good', () => {
  stubPage('/overview');
  const stored = new Map<string, string>();
  vi.stubGlobal('localStorage', { setItem: (key: string, value: string) => stored.set(key, value) });
  closeFirstMinute();
  expect(firstMinuteStore.getState().phase).toBe('closed');
  expect([...stored.values()]).toEqual(['"closed"']);
});
