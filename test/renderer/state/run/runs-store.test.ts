import { describe, expect, it } from 'vitest';
import type { RunAnswer, RunRequest } from '../../../../main/contract/run.ts';
import type { RunInput } from '../../../../renderer/state/run/form-store.ts';
import { isRunning } from '../../../../renderer/state/run/runs-store.ts';
import { runAnswer } from '../../support/run-answer.ts';
import { type Answers, Refusal } from '../../support/stub-bridge.ts';
import { stubStores } from '../../support/stub-stores.ts';

const input: RunInput = {
  plugin: 'echo',
  body: '{"a":1}',
  persona: 'user',
  route: 'execute',
  token: '',
  subscriptions: {},
};

function openRuns(answers: Answers) {
  const stub = stubStores(answers);
  const { runs, runForm } = stub.stores;
  return { ...stub, runs, runForm, state: () => runs.store.getState() };
}

describe('as one persona', () => {
  it('stores the answer with its trace, and the body that was sent', async () => {
    const { runs, runForm, state } = openRuns({ run: () => runAnswer() });
    await runs.start(input, null);
    expect(state()).toMatchObject({
      running: null,
      lastSingle: {
        input: { plugin: 'echo' },
        columns: [{ persona: 'user', answer: { state: 'ready', value: { status: 200, traceId: 'abc' } } }],
      },
      lastComparison: null,
    });
    expect(runForm.store.getState().sentBodies).toEqual({ echo: ['{"a":1}'] });
  });

  it('sends a token for the persona custom only', async () => {
    const { runs, calls } = openRuns({ run: () => runAnswer() });
    await runs.start({ ...input, token: 'secret' }, null);
    await runs.start({ ...input, persona: 'custom', token: 'secret' }, null);
    const tokens = calls.map(({ argument }) => (argument as { token?: string }).token);
    expect(tokens).toEqual([undefined, 'secret']);
  });

  it('shows a call without an answer as a failure, not as an empty answer', async () => {
    const { runs, state } = openRuns({
      run() {
        throw new Refusal('INTERNAL_ERROR', 'The runtime did not answer');
      },
    });
    await runs.start(input, null);
    expect(state().lastSingle?.columns).toMatchObject([
      {
        answer: {
          state: 'failed',
          error: { code: 'INTERNAL_ERROR', message: 'The runtime did not answer' },
        },
      },
    ]);
  });

  it('ignores a second run while one is running, whose last answer stays until then', async () => {
    let finish: (answer: RunAnswer) => void = () => undefined;
    const { runs, calls, state, answers } = openRuns({ run: () => runAnswer() });
    await runs.start(input, null);
    answers.run = () => new Promise<RunAnswer>((resolve) => (finish = resolve));
    const second = runs.start({ ...input, plugin: 'slow' }, null);
    await runs.start({ ...input, plugin: 'other' }, null);
    expect(calls).toHaveLength(2);
    expect([state().running?.input.plugin, state().lastSingle?.input.plugin]).toEqual(['slow', 'echo']);
    finish(runAnswer());
    await second;
    expect([state().running, state().lastSingle?.input.plugin]).toEqual([null, 'slow']);
  });

  it('cancels the run by its id; its answer names the trace it left', async () => {
    let finish: (answer: RunAnswer) => void = () => undefined;
    const { runs, calls, state } = openRuns({
      run: () => new Promise<RunAnswer>((resolve) => (finish = resolve)),
      cancelRun: () => null,
    });
    const run = runs.start(input, null);
    const runId = state().running?.columns[0]?.runId;
    await runs.cancel();
    expect(state().cancelling).toBe(true);
    expect(calls[1]).toEqual({ name: 'cancelRun', argument: { runId } });
    finish(runAnswer({ status: 0, traceId: 'aborted-one', cancelled: true }));
    await run;
    expect(state()).toMatchObject({
      cancelling: false,
      lastSingle: { columns: [{ answer: { value: { cancelled: true, traceId: 'aborted-one' } } }] },
    });
    expect(calls).toHaveLength(2);
  });

  it('announces why a run could not be cancelled, and can cancel again', async () => {
    let finish: (answer: RunAnswer) => void = () => undefined;
    const { runs, announced, state } = openRuns({
      run: () => new Promise<RunAnswer>((resolve) => (finish = resolve)),
      cancelRun() {
        throw new Refusal('NOT_READY', 'stopping');
      },
    });
    const run = runs.start(input, null);
    await runs.cancel();
    expect(announced).toMatchObject([{ title: 'Not cancelled', text: 'stopping' }]);
    expect(state().cancelling).toBe(false);
    finish(runAnswer());
    await run;
  });
});

describe('as several personas', () => {
  const asOwn: RunInput = { ...input, token: 'secret' };

  it('sends what was entered for a persona with its call alone', async () => {
    const { runs, calls } = openRuns({ run: () => runAnswer() });
    const subscriptions = {
      user: { plan: ' team ', tiers: 'videos=pro' },
      admin: { plan: '', tiers: 'videos' },
      anonymous: { plan: '', tiers: 'videos=basic' },
    };
    await runs.start({ ...input, subscriptions }, ['user', 'admin', 'anonymous', 'superadmin']);
    expect(calls.map(({ argument }) => (argument as RunRequest).subscription)).toEqual([
      { plan: 'team', tiers: { videos: 'pro' } },
      undefined,
      { tiers: { videos: 'basic' } },
      undefined,
    ]);
  });

  it('makes one call per persona, all at once, each with its own id', async () => {
    const waiting: (() => void)[] = [];
    const { runs, calls, state } = openRuns({
      run: ({ persona }) =>
        new Promise((resolve) => waiting.push(() => resolve(runAnswer({ traceId: persona })))),
    });
    const done = runs.start(asOwn, ['anonymous', 'admin', 'custom']);
    const sent = calls.map(({ argument }) => argument as RunRequest);
    expect(sent.map(({ persona }) => persona)).toEqual(['anonymous', 'admin', 'custom']);
    expect(new Set(sent.map(({ runId }) => runId)).size).toBe(3);
    expect(sent.map(({ token }) => token)).toEqual([undefined, undefined, 'secret']);
    expect(state().running).toBe(state().lastComparison);
    // One run at a time.
    await runs.start(asOwn, ['user']);
    expect(calls).toHaveLength(3);
    for (const answer of waiting.reverse()) answer();
    await done;
    const { lastComparison, lastSingle, running } = state();
    expect([running, lastSingle, lastComparison && isRunning(lastComparison)]).toEqual([null, null, false]);
    expect(lastComparison?.columns.map(({ persona, answer }) => [persona, answer])).toEqual(
      ['anonymous', 'admin', 'custom'].map((persona) => [
        persona,
        expect.objectContaining({ state: 'ready', value: runAnswer({ traceId: persona }) }),
      ]),
    );
  });

  it('fails only for a persona that can’t be used, with the reason', async () => {
    const { runs, state } = openRuns({
      run({ persona }) {
        if (persona === 'admin') throw new Refusal('BAD_REQUEST', 'External mode');
        return runAnswer();
      },
    });
    await runs.start(asOwn, ['anonymous', 'admin']);
    expect(state().lastComparison?.columns.map(({ answer }) => answer)).toMatchObject([
      { state: 'ready' },
      { state: 'failed', error: { message: 'External mode' } },
    ]);
  });

  it('fills a column as soon as its answer arrives, and cancels each call that is still waiting', async () => {
    const settle = new Map<string, (answer: RunAnswer) => void>();
    const cancelled: string[] = [];
    const { runs, state } = openRuns({
      run: ({ runId }) => new Promise((resolve) => settle.set(runId, resolve)),
      cancelRun({ runId }) {
        cancelled.push(runId);
        settle.get(runId)?.(runAnswer({ status: 0, traceId: null, cancelled: true }));
        return null;
      },
    });
    const done = runs.start(asOwn, ['anonymous', 'user', 'admin']);
    const [first, ...others] = [...settle.keys()];
    settle.get(first ?? '')?.(runAnswer());
    await new Promise((resolve) => setImmediate(resolve));
    expect(state().lastComparison?.columns.map(({ answer }) => answer.state)).toEqual([
      'ready',
      'loading',
      'loading',
    ]);
    await runs.cancel();
    await done;
    expect(cancelled).toEqual(others);
    expect(state().cancelling).toBe(false);
  });

  it('sends nothing without a persona, without a plugin or while a call is running', async () => {
    const { runs, calls } = openRuns({ run: () => new Promise(() => undefined) });
    await runs.start(asOwn, []);
    await runs.start({ ...asOwn, plugin: '' }, ['user']);
    expect(calls).toEqual([]);
    runs.start(input, null).catch(() => expect.fail('a run never rejects'));
    await runs.start(asOwn, ['user']);
    expect(calls).toHaveLength(1);
  });
});
