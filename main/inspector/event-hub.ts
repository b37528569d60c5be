import type { CheckProgress } from '../contract/conformance.ts';
import { BUS_LIMITS, type BusEvent } from '../contract/event-bus.ts';
import type { InspectorEventName, InspectorEvents } from '../contract/inspector.ts';
import type { ReloadRecord } from '../contract/plugin-view.ts';
import type { RuntimeSnapshot } from '../contract/snapshot.ts';
import { SOCKET_LIMITS, type SocketMessage, type SocketState } from '../contract/sockets.ts';
import type { TraceSummary } from '../contract/trace.ts';

/**
 * Batches the events that the runtime sends to its UIs. A busy runtime makes thousands of traces a second; a
 * UI gets at most one batch of each kind per interval, nothing while it is hidden, and all it missed when it
 * is shown again.
 *
 * Nothing is lost silently: traces carry consecutive numbers (`seq`), and where more waited than one batch
 * holds, the first number of the next batch doesn't follow the last one's. A UI that sees this requests the
 * list again.
 */
export interface EventHub {
  snapshotChanged(): void;
  reloaded(record: ReloadRecord): void;
  traceAdded(summary: TraceSummary): void;
  checkProgressed(progress: CheckProgress): void;
  samplesChanged(plugin: string): void;
  /** Connections, ends or the test connection changed. */
  socketsChanged(): void;
  socketMessageSent(message: SocketMessage): void;
  /** An event of the bus is new, or has come further. */
  busChanged(seq: number): void;
  subscribe(subscriber: Subscriber): () => void;
  stop(): void;
}

export interface Subscriber {
  send<E extends InspectorEventName>(event: E, payload: InspectorEvents[E]): void;
  /** False while nobody can see it: its events wait. */
  isVisible(): boolean;
}

export interface EventHubSource {
  snapshot(): RuntimeSnapshot;
  counts(): { readonly kept: number; readonly dropped: number };
  sockets(): SocketState;
  busEvents(seqs: ReadonlySet<number>): readonly BusEvent[];
}

/** Ten batches a second look live and cost little. */
const INTERVAL_MS = 100;
/** Health and activity move with every execution; numbers that change more often can't be read. */
const ACTIVITY_MS = 1_000;
/** Waiting for one subscriber, of each kind. */
const MAX_PENDING = 2_000;
/** Steps of runs of the checks hold evidence, some kilobytes each; a run has fewer. */
const MAX_STEPS = 200;

interface Pending {
  /** Each brings a verdict, so none may be left out. */
  checkProgress: CheckProgress[];
  /** Something other than activity changed. */
  snapshot: boolean;
  activity: boolean;
  /** When it was sent the last snapshot; ms of the performance clock. */
  snapshotAt: number;
  traces: TraceSummary[];
  reloads: ReloadRecord[];
  /** Names of the plugins whose samples changed. */
  samples: Set<string>;
  sockets: boolean;
  socketMessages: SocketMessage[];
  /** Numbers of events of the bus. */
  bus: Set<number>;
}

function nothingDue(): Pending {
  return {
    checkProgress: [],
    snapshot: false,
    activity: false,
    snapshotAt: Number.NEGATIVE_INFINITY,
    traces: [],
    reloads: [],
    samples: new Set<string>(),
    sockets: false,
    socketMessages: [],
    bus: new Set<number>(),
  };
}

export function createEventHub(source: EventHubSource): EventHub {
  const pending = new Map<Subscriber, Pending>();
  let timer: NodeJS.Timeout | null = null;

  const flush = () => {
    timer = null;
    const now = performance.now();
    for (const [subscriber, due] of pending) {
      if (!subscriber.isVisible()) continue;
      const withSnapshot = due.snapshot || (due.activity && now - due.snapshotAt >= ACTIVITY_MS);
      const left = {
        activity: due.activity && !withSnapshot,
        snapshotAt: withSnapshot ? now : due.snapshotAt,
      };
      pending.set(subscriber, { ...nothingDue(), ...left });
      sendDue(subscriber, due, source);
      if (withSnapshot) subscriber.send('snapshot', source.snapshot());
    }
    if (hasDue(pending)) schedule();
  };

  const schedule = () => {
    if (timer !== null || pending.size === 0) return;
    timer = setTimeout(flush, INTERVAL_MS);
    timer.unref();
  };

  const each = (note: (due: Pending) => void) => {
    for (const due of pending.values()) note(due);
    schedule();
  };

  return {
    snapshotChanged: () =>
      each((due) => {
        due.snapshot = true;
      }),
    reloaded: (record) => each((due) => keepNewest(due.reloads, record, MAX_PENDING)),
    traceAdded: (summary) =>
      each((due) => {
        due.activity = true;
        // The UI will request the list again in any case, so all of them are dropped: the rest of the batch
        // shows the gap.
        if (due.traces.length >= MAX_PENDING) due.traces = [];
        due.traces.push(summary);
      }),
    checkProgressed: (progress) => each((due) => keepNewest(due.checkProgress, progress, MAX_STEPS)),
    samplesChanged: (plugin) =>
      each((due) => {
        due.samples.add(plugin);
      }),
    socketsChanged: () =>
      each((due) => {
        due.sockets = true;
      }),
    socketMessageSent: (message) =>
      each((due) => keepNewest(due.socketMessages, message, SOCKET_LIMITS.messages)),
    busChanged: (seq) =>
      each(({ bus }) => {
        bus.add(seq);
        const [oldest] = bus;
        if (oldest !== undefined && bus.size > BUS_LIMITS.events) bus.delete(oldest);
      }),
    subscribe(subscriber) {
      pending.set(subscriber, { ...nothingDue(), snapshot: true });
      schedule();
      return () => {
        pending.delete(subscriber);
      };
    },
    stop() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      pending.clear();
    },
  };
}

function sendDue(subscriber: Subscriber, due: Pending, source: EventHubSource): void {
  for (const record of due.reloads) subscriber.send('reload', record);
  for (const step of due.checkProgress) subscriber.send('checkProgress', step);
  if (due.samples.size > 0) subscriber.send('samples', { plugins: [...due.samples] });
  if (hasSockets(due)) subscriber.send('sockets', { messages: due.socketMessages, ...source.sockets() });
  if (due.bus.size > 0) subscriber.send('busEvents', source.busEvents(due.bus));
  if (due.traces.length > 0) subscriber.send('traces', { traces: due.traces, ...source.counts() });
}

function hasSockets({ sockets, socketMessages }: Pending): boolean {
  return sockets || socketMessages.length > 0;
}

function keepNewest<T>(list: T[], item: T, most: number): void {
  list.push(item);
  if (list.length > most) list.shift();
}

function hasDue(pending: ReadonlyMap<Subscriber, Pending>): boolean {
  for (const due of pending.values()) {
    if (due.snapshot || due.activity || due.traces.length > 0 || due.reloads.length > 0) return true;
    if (due.samples.size > 0 || due.checkProgress.length > 0 || hasSockets(due)) return true;
    if (due.bus.size > 0) return true;
  }
  return false;
}
