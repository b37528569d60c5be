import { createStore } from 'zustand/vanilla';
import { type PersonaSubscription, parseTiers } from '../../../main/contract/persona-subscription.ts';
import type { PersonaId, RunAnswer, RunRequest } from '../../../main/contract/run.ts';
import type { Inspector } from '../../bridge.ts';
import type { Announcements } from '../app/announcements.ts';
import { type Failure, LOADING, type Loadable, settle, toFailure } from '../app/loadable.ts';
import type { RuntimeStore } from '../app/runtime.ts';
import {
  type EnteredSubscription,
  enteredSubscription,
  type FormStore,
  type RunInput,
} from './form-store.ts';

/** The call as one persona, over real HTTP, with its own trace. */
export interface RunColumn {
  readonly persona: PersonaId;
  readonly runId: string;
  /** `loading` while it runs; `failed` when there was no answer at all. */
  readonly answer: Loadable<RunAnswer>;
}

/** One click on Run: a column per persona, all called at once. */
export interface Run {
  readonly input: RunInput;
  /** ms since the epoch. */
  readonly startedAt: number;
  /** The timeout that applied when it started; ms. */
  readonly timeoutMs: number;
  readonly columns: readonly RunColumn[];
}

export interface RunsState {
  /** One at a time; it continues while another screen is open. */
  readonly running: Run | null;
  readonly cancelling: boolean;
  /** The latest finished run as one persona; it stays visible while the next one is running. */
  readonly lastSingle: Run | null;
  /** The latest run as several personas, running or not. */
  readonly lastComparison: Run | null;
}

/** Used until the runtime's timeout is known. */
const DEFAULT_TIMEOUT_MS = 30_000;

export type RunsStore = ReturnType<typeof createRunsStore>;

interface RunsDeps {
  readonly inspector: Inspector;
  readonly announcements: Announcements;
  readonly runtime: RuntimeStore;
  readonly form: FormStore;
  /** ms since the epoch. */
  readonly now: () => number;
}

export function createRunsStore({ inspector, announcements, runtime, form, now }: RunsDeps) {
  const store = createStore<RunsState>()(() => ({
    running: null,
    cancelling: false,
    lastSingle: null,
    lastComparison: null,
  }));

  /**
   * Calls as the input's persona, or (not null) as each of `personas` at once. Never rejects; does nothing
   * while a run is in progress, without a plugin or without a persona.
   */
  async function start(input: RunInput, personas: readonly PersonaId[] | null): Promise<void> {
    const callers = personas ?? [input.persona];
    if (input.plugin === '' || callers.length === 0 || store.getState().running !== null) return;
    const columns = callers.map((persona) => ({ persona, runId: crypto.randomUUID(), answer: LOADING }));
    const timeoutMs = runtime.currentSnapshot()?.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const run: Run = { input, startedAt: now(), timeoutMs, columns };
    store.setState({ running: run, cancelling: false });
    if (personas !== null) store.setState({ lastComparison: run });
    form.rememberBody(input.plugin, input.body);
    await Promise.all(columns.map((column) => callColumn(input, column)));
    const finished = store.getState().running;
    if (personas === null) store.setState({ lastSingle: finished });
    store.setState({ running: null, cancelling: false });
  }

  async function callColumn(input: RunInput, { persona, runId }: RunColumn): Promise<void> {
    const answer = await settle(inspector.call('run', { runId, ...toRunCall({ ...input, persona }) }));
    const { running, lastComparison } = store.getState();
    if (running === null) return;
    const columns = running.columns.map((column) =>
      column.runId === runId ? { ...column, answer } : column,
    );
    const run: Run = { ...running, columns };
    store.setState({ running: run, lastComparison: lastComparison === running ? run : lastComparison });
  }

  /** Drops the connections that are still waiting, as clients that disconnect would. Never rejects. */
  async function cancel(): Promise<void> {
    const { running, cancelling } = store.getState();
    if (running === null || cancelling) return;
    store.setState({ cancelling: true });
    const waiting = running.columns.filter(({ answer }) => answer.state === 'loading');
    const failures = await Promise.all(waiting.map(cancelColumn));
    const first = failures.find((failure) => failure !== null);
    if (first === undefined) return;
    store.setState({ cancelling: false });
    announcements.announce({ tone: 'bad', title: 'Not cancelled', text: first.message });
  }

  async function cancelColumn({ runId }: RunColumn): Promise<Failure | null> {
    try {
      await inspector.call('cancelRun', { runId });
      return null;
    } catch (error) {
      return toFailure(error);
    }
  }
  return {
    store,
    start,
    cancel,
  };
}

/**
 * What an input asks of the runtime; a token goes with the persona `custom` only, a subscription where one was
 * entered.
 */
export function toRunCall(input: RunInput): Omit<RunRequest, 'runId'> {
  const { plugin, body, persona, route, token } = input;
  const subscription = toSubscription(enteredSubscription(input, persona));
  const plain = { plugin, body, persona, route };
  const call = subscription === null ? plain : { ...plain, subscription };
  return persona === 'custom' ? { ...call, token } : call;
}

/** Null where nothing, or nothing usable, was entered. */
function toSubscription(entered: EnteredSubscription): PersonaSubscription | null {
  const [plan, tiers] = [entered.plan.trim(), parseTiers(entered.tiers)];
  if (tiers === null || (plan === '' && Object.keys(tiers).length === 0)) return null;
  return plan === '' ? { tiers } : { plan, tiers };
}

export function isRunning({ columns }: Run): boolean {
  return columns.some(({ answer }) => answer.state === 'loading');
}
