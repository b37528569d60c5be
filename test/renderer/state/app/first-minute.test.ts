import { expect, it, onTestFinished } from 'vitest';
import type { CreatedPlugin, ReloadRecord } from '../../../../main/contract/plugin-view.ts';
import type { RunAnswer } from '../../../../main/contract/run.ts';
import { type FirstMinuteState, MINUTE_STEPS } from '../../../../renderer/state/app/first-minute.ts';
import { Refusal } from '../../support/stub-bridge.ts';
import { stubStores } from '../../support/stub-stores.ts';

const created: CreatedPlugin = { name: 'greeter', folder: '/p/greeter', files: ['logic.ts'], plugin: null };
const answered = (status: number) => ({ status, traceId: 'a1b2' }) as RunAnswer;
const states = ({ steps }: FirstMinuteState) => MINUTE_STEPS.map((step) => steps[step].state);
const reload = (changes: Partial<ReloadRecord>): ReloadRecord => ({
  plugin: 'greeter',
  at: 0,
  ok: true,
  latencyMs: 41.2,
  version: null,
  cause: 'change',
  error: null,
  ...changes,
});

function begin(status = 200) {
  const stub = stubStores(
    {
      createPlugin: () => created,
      openInEditor: () => ({ editor: 'code', file: 'logic.ts' }),
      run: () => answered(status),
    },
    { hash: '/overview' },
  );
  onTestFinished(stub.stores.firstMinute.close);
  return stub;
}

it('goes from the wish to the open trace by itself, then waits for a change', async () => {
  const { stores, page, ...stub } = begin();
  await stores.firstMinute.begin('greeter', 'typescript');
  expect(stub.calls.map(({ name }) => name)).toEqual(['createPlugin', 'openInEditor', 'run']);
  expect(page.hash()).toBe('/traces/a1b2');
  expect(stores.firstMinute.store.getState().phase).toBe('going');
  expect(states(stores.firstMinute.store.getState())).toEqual(['done', 'done', 'done', 'done', 'waiting']);
  stub.emit('reload', reload({ latencyMs: null }));
  stub.emit('reload', reload({ plugin: 'other' }));
  stub.emit('reload', reload({ cause: 'manual' }));
  expect(stores.firstMinute.store.getState().steps.change.state).toBe('waiting');
  stub.emit('reload', reload({ ok: false, latencyMs: null, error: 'Unexpected ";"' }));
  expect(stores.firstMinute.store.getState().steps.change).toMatchObject({
    state: 'failed',
    problem: 'Unexpected ";"',
  });
  stub.emit('reload', reload({}));
  expect(stores.firstMinute.store.getState().steps.change).toMatchObject({ state: 'done', result: '41 ms' });
});

it('goes on without an editor, and says why there is none', async () => {
  const { stores, ...stub } = begin();
  stub.answers.openInEditor = () => {
    throw new Refusal('CONFLICT', 'No editor is known');
  };
  await stores.firstMinute.begin('greeter', 'python');
  expect(states(stores.firstMinute.store.getState())).toEqual(['done', 'failed', 'done', 'done', 'waiting']);
  expect(stores.firstMinute.store.getState().steps.open.problem).toBe('No editor is known');
});

it('ticks no call that was not answered with 200', async () => {
  const { stores, page } = begin(401);
  await stores.firstMinute.begin('greeter', 'python');
  expect(states(stores.firstMinute.store.getState())).toEqual([
    'done',
    'done',
    'failed',
    'waiting',
    'waiting',
  ]);
  expect(page.hash()).toBe('/overview');
});

it('a name that is refused is told where it was given, and nothing has begun', async () => {
  const { stores, ...stub } = begin();
  stub.answers.createPlugin = () => {
    throw new Refusal('CONFLICT', 'greeter is there already');
  };
  await stores.firstMinute.begin('greeter', 'python');
  expect(stores.firstMinute.store.getState()).toMatchObject({
    phase: 'offered',
    refusal: 'greeter is there already',
  });
  expect(states(stores.firstMinute.store.getState())).toEqual([
    'waiting',
    'waiting',
    'waiting',
    'waiting',
    'waiting',
  ]);
});

it('closed is closed for good', () => {
  const { stores, page } = begin();
  stores.firstMinute.close();
  expect(stores.firstMinute.store.getState().phase).toBe('closed');
  expect(page.stored.get('first-minute')).toBe('"closed"');
  const { stores: later } = stubStores({}, { stored: { 'first-minute': 'closed' } });
  expect(later.firstMinute.store.getState().phase).toBe('closed');
});
