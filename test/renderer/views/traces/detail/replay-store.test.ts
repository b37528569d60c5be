import { expect, it, onTestFinished, vi } from 'vitest';
import type { RunAnswer } from '../../../../../main/contract/run.ts';
import { type Announcement, onAnnouncement } from '../../../../../renderer/state/app/announcements.ts';
import {
  cancelReplay,
  replayStore,
  replayTrace,
} from '../../../../../renderer/views/traces/detail/replay-store.ts';
import { runAnswer } from '../../../support/run-answer.ts';
import { Refusal, stubBridge } from '../../../support/stub-bridge.ts';
import { stubPage } from '../../../support/stub-page.ts';

function heard(): Announcement[] {
  const all: Announcement[] = [];
  onTestFinished(onAnnouncement((announcement) => all.push(announcement)));
  return all;
}

it('opens the new trace and keeps the filters', async () => {
  stubBridge({ replay: () => runAnswer({ traceId: 'new' }) });
  const page = stubPage('/traces/old?plugin=echo');
  await replayTrace({ id: 'old', file: null }, 'admin');
  expect(page.hash()).toBe('/traces/new?plugin=echo');
  expect(replayStore.getState().running).toBeNull();
});

it('stays where the user navigated meanwhile', async () => {
  const page = stubPage('/traces/old');
  stubBridge({
    replay() {
      window.location.hash = '#/traces/other';
      return runAnswer({ traceId: 'new' });
    },
  });
  await replayTrace({ id: 'old', file: null }, 'user');
  expect(page.hash()).toBe('/traces/other');
});

it('shows why it failed, and can be retried', async () => {
  const announcements = heard();
  stubPage('/traces/old');
  stubBridge({
    replay() {
      throw new Refusal('BAD_REQUEST', 'The body was kept only in part');
    },
  });
  await replayTrace({ id: 'old', file: null }, 'user');
  expect(announcements).toMatchObject([
    { tone: 'bad', title: 'Not replayed', text: 'The body was kept only in part' },
  ]);
  expect(replayStore.getState().running).toBeNull();
});

it('runs one at a time, and cancels by run id', async () => {
  stubPage('/traces/old');
  let finish: (answer: RunAnswer) => void = () => undefined;
  const stub = stubBridge({
    replay: () => new Promise<RunAnswer>((resolve) => (finish = resolve)),
    cancelRun: () => null,
  });
  const first = replayTrace({ id: 'old', file: null }, 'user');
  await replayTrace({ id: 'old', file: null }, 'user');
  const runId = replayStore.getState().running?.runId;
  await cancelReplay();
  await vi.waitFor(() => expect(stub.calls).toHaveLength(2));
  expect(stub.calls).toMatchObject([{ name: 'replay' }, { name: 'cancelRun', argument: { runId } }]);
  finish(runAnswer({ traceId: null }));
  await first;
});
