import { createStore } from 'zustand/vanilla';
import type { PersonaId, RunAnswer, RunRoute } from '../../../../main/contract/run.ts';
import { call } from '../../../bridge.ts';
import { announce } from '../../../state/app/announcements.ts';
import { type Failure, type Loadable, settle, toFailure } from '../../../state/app/loadable.ts';
import { currentSnapshot } from '../../../state/app/runtime.ts';
import { rememberBody } from '../form/sent-bodies.ts';

export interface RunInput {
  readonly plugin: string;
  readonly body: string;
  readonly persona: PersonaId;
  readonly route: RunRoute;
  /** The bearer token of the persona `custom`; empty for any other. */
  readonly token: string;
}

export interface Run extends RunInput {
  readonly runId: string;
  /** ms since the epoch. */
  readonly startedAt: number;
  /** The timeout that applied when it started; ms. */
  readonly timeoutMs: number;
}

/** How a run ended: with an answer, or with a failure to get one. */
export interface FinishedRun {
  readonly run: Run;
  readonly answer: RunAnswer | null;
  readonly failure: Failure | null;
  /** The trace it left: null when there was none, or it isn't known (yet). */
  readonly traceId: string | null;
}

export interface RunState {
  readonly running: Run | null;
  readonly cancelling: boolean;
  readonly last: FinishedRun | null;
}

/** Used until the runtime has told its timeout. */
const DEFAULT_TIMEOUT_MS = 30_000;
/** A cancelled call has no answer that could name its trace, so it is looked for. */
const ABORTED_TRACE = { tries: 10, pauseMs: 150 };

/** One run at a time; it goes on when another screen is looked at. */
export const runStore = createStore<RunState>()(() => ({ running: null, cancelling: false, last: null }));

/** Makes the call over real HTTP and keeps how it ended. Never rejects; does nothing while one is running. */
export async function startRun(wish: RunInput): Promise<void> {
  if (runStore.getState().running !== null) return;
  const run: Run = {
    ...wish,
    runId: crypto.randomUUID(),
    startedAt: Date.now(),
    timeoutMs: presentTimeout(),
  };
  runStore.setState({ running: run, cancelling: false });
  rememberBody(wish.plugin, wish.body);
  const answer = await settle(call('run', { runId: run.runId, ...callOf(wish) }));
  runStore.setState({ running: null, cancelling: false, last: finished(run, answer) });
  if (answer.state === 'ready' && answer.value.cancelled) await findAborted(run);
}

/** What a wish asks of the runtime. */
export function callOf({ plugin, body, persona, route, token }: RunInput) {
  return { plugin, body, persona, route, ...(persona === 'custom' ? { token } : {}) };
}

/** The timeout that applies now; ms. */
export function presentTimeout(): number {
  return currentSnapshot()?.timeoutMs ?? DEFAULT_TIMEOUT_MS;
}

/** Drops the run's connection, as a client that goes away would. Never rejects. */
export async function cancelRun(): Promise<void> {
  const { running, cancelling } = runStore.getState();
  if (running === null || cancelling) return;
  runStore.setState({ cancelling: true });
  try {
    await call('cancelRun', { runId: running.runId });
  } catch (error) {
    runStore.setState({ cancelling: false });
    announce({ tone: 'bad', title: 'Not cancelled', text: toFailure(error).message });
  }
}

function finished(run: Run, answer: Loadable<RunAnswer>): FinishedRun {
  if (answer.state === 'ready') {
    return { run, answer: answer.value, failure: null, traceId: answer.value.traceId };
  }
  const failure: Failure | null = answer.state === 'failed' ? answer.error : null;
  return { run, answer: null, failure, traceId: null };
}

async function findAborted(run: Run): Promise<void> {
  const traceId = await abortedTraceOf(run);
  const { last } = runStore.getState();
  if (traceId !== null && last?.run.runId === run.runId) runStore.setState({ last: { ...last, traceId } });
}

/** The trace of a call that was cancelled a moment ago; null when it can't be told. */
async function abortedTraceOf(run: Run): Promise<string | null> {
  for (let left = ABORTED_TRACE.tries; left > 0; left--) {
    const page = await settle(call('traces', { limit: 1, plugin: run.plugin, outcome: 'aborted' }));
    const found = page.state === 'ready' ? page.value.traces[0] : undefined;
    // Clocks of page and runtime are one; a little slack for rounding.
    if (found !== undefined && found.startedAt >= run.startedAt - 5) return found.id;
    await new Promise((resolve) => setTimeout(resolve, ABORTED_TRACE.pauseMs));
  }
  return null;
}
