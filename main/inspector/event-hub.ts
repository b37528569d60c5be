import type { CheckProgress } from '../contract/conformance.ts';
import type { InspectorEventName, InspectorEvents } from '../contract/inspector.ts';
import type { ReloadRecord } from '../contract/plugin-view.ts';
import type { RuntimeSnapshot } from '../contract/snapshot.ts';
import type { TraceSummary } from '../contract/trace.ts';

/**
 * Batches what the runtime tells its UIs. A busy runtime makes thousands of traces a second; a UI gets at most one batch of
 * each kind per interval, nothing while it is hidden, and all it missed (as far as it is kept) when it is shown again.
 */
export interface EventHub {
  snapshotChanged(): void;
  reloaded(record: ReloadRecord): void;
  traceAdded(summary: TraceSummary): void;
  checkProgressed(progress: CheckProgress): void;
  samplesChanged(plugin: string): void;
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
}

/** Ten batches a second look live and cost little. */
const INTERVAL_MS = 100;
/** The list's first page; a UI that was hidden for longer asks for the rest by query. */
const MAX_PENDING = 2_000;

interface Pending {
  checkProgress: CheckProgress | null;
  snapshot: boolean;
  traces: TraceSummary[];
  reloads: ReloadRecord[];
  /** Names of the plugins whose samples changed. */
  samples: Set<string>;
}

function nothingDue(): Pending {
  return { checkProgress: null, snapshot: false, traces: [], reloads: [], samples: new Set() };
}

export function createEventHub(source: EventHubSource): EventHub {
  const pending = new Map<Subscriber, Pending>();
  let timer: NodeJS.Timeout | null = null;

  const flush = () => {
    timer = null;
    let waiting = false;
    for (const [subscriber, due] of pending) {
      if (!subscriber.isVisible()) {
        waiting = true;
        continue;
      }
      pending.set(subscriber, nothingDue());
      sendDue(subscriber, due, source);
    }
    if (waiting && hasDue(pending)) schedule();
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
    reloaded: (record) => each((due) => keepNewest(due.reloads, record)),
    // Health and activity are part of the snapshot, and every execution moves them.
    traceAdded: (summary) =>
      each((due) => {
        due.snapshot = true;
        keepNewest(due.traces, summary);
      }),
    checkProgressed: (progress) =>
      each((due) => {
        due.checkProgress = progress;
      }),
    samplesChanged: (plugin) =>
      each((due) => {
        due.samples.add(plugin);
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
  if (due.checkProgress !== null) subscriber.send('checkProgress', due.checkProgress);
  if (due.samples.size > 0) subscriber.send('samples', { plugins: [...due.samples] });
  if (due.traces.length > 0) subscriber.send('traces', { traces: due.traces, ...source.counts() });
  if (due.snapshot) subscriber.send('snapshot', source.snapshot());
}

function keepNewest<T>(list: T[], item: T): void {
  list.push(item);
  if (list.length > MAX_PENDING) list.shift();
}

function hasDue(pending: ReadonlyMap<Subscriber, Pending>): boolean {
  for (const due of pending.values()) {
    if (due.snapshot || due.traces.length > 0 || due.reloads.length > 0) return true;
    if (due.samples.size > 0 || due.checkProgress !== null) return true;
  }
  return false;
}
