import { HOST_LIMITS, type HostMessage, type HostResult } from '../contract/host.ts';
import type { Json, JsonObject } from '../contract/http.ts';
import type {
  ConsoleEntry,
  HostChild,
  HostEvent,
  HostOutcome,
  HostReport,
  LoadedSources,
  LoadFailure,
  LoadResult,
} from './call.ts';

export type ConsoleMessage = Extract<HostMessage, { type: 'console' }>;
export type EventMessage = Extract<HostMessage, { type: 'event' }>;
export type ChildMessage = Extract<HostMessage, { type: 'child' }>;
export type ResultMessage = Extract<HostMessage, { type: 'result' }>;

/**
 * One call in a process, from the caller's side: settles exactly once, whatever arrives, and limits what the
 * process sends, since the process is trusted with neither.
 */
export class PendingCall {
  readonly report: Promise<HostReport>;
  /** How long it held the event loop of its process; 0 where that is not known. */
  blockedMs = 0;
  /** Environment variables that the plugin looked for in vain. */
  absent: readonly string[] = [];
  /** Coroutines that it never awaited. */
  unawaited: readonly string[] = [];
  #settle: (report: HostReport) => void = () => undefined;
  readonly #lines: ConsoleEntry[] = [];
  readonly #events: HostEvent[] = [];
  readonly #children: HostChild[] = [];
  #droppedChildren = 0;
  #bytes = 0;
  #settled = false;

  constructor() {
    this.report = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** False once the caller has its answer; the plugin may still be running. */
  get isWaiting(): boolean {
    return !this.#settled;
  }

  settle(outcome: HostOutcome): void {
    if (this.#settled) return;
    this.#settled = true;
    const { blockedMs, absent, unawaited } = this;
    this.#settle({
      outcome,
      console: this.#lines,
      events: this.#events,
      children: this.#children,
      droppedChildren: this.#droppedChildren,
      blockedMs,
      absent,
      unawaited,
    });
  }

  addLine({ at, level, text }: ConsoleMessage): void {
    // One line more than the process's own limit leaves room for its marker.
    if (this.#settled || this.#lines.length > HOST_LIMITS.consoleLines) return;
    this.#bytes += text.length;
    if (this.#bytes > HOST_LIMITS.consoleBytes + 1024) return;
    this.#lines.push({ at, level, text });
  }

  addEvent({ at, kind, name, detail, source }: EventMessage): void {
    if (this.#settled || this.#events.length >= HOST_LIMITS.events) return;
    this.#events.push({ at, kind, name, detail, source });
  }

  addChild({ at, durationMs, error, work, scope }: ChildMessage): void {
    if (this.#settled) return;
    if (this.#children.length < HOST_LIMITS.children) {
      this.#children.push({ at, durationMs, error, work, scope });
    } else this.#droppedChildren += 1;
  }
}

/** Turns what a process says into an outcome; what can't be trusted is checked again. */
export function outcomeOf(result: HostResult): HostOutcome {
  if (result.kind === 'threw') {
    return { kind: 'threw', message: result.message, stack: result.stack === '' ? null : result.stack };
  }
  if (result.kind === 'invalid') return result;
  // A call whose client has left has its outcome already: only the deadline cancels one that is waited for.
  if (result.kind === 'cancelled') return { kind: 'timeout' };
  const value = parseObject(result.json);
  if (value === null)
    return { kind: 'invalid', reason: 'its process sent a result that is not a JSON object' };
  return { kind: 'returned', value, json: result.json, differs: result.differs };
}

function parseObject(json: string): JsonObject | null {
  try {
    const value = JSON.parse(json) as Json;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    // Only a process that forges messages gets here; null becomes an invalid result.
    return null;
  }
}

type LoadMessage = Extract<HostMessage, { type: 'loaded' | 'load-failed' }>;

/** The one load of a process, from the caller's side: settles exactly once, whatever arrives. */
export class PendingLoad {
  #settle: ((result: LoadResult) => void) | null = null;

  /**
   * Waits for its end, at most `limitMs`; after that it has failed, and `onTimeout` is called. Never rejects.
   */
  start(limitMs: number, onTimeout: () => void): Promise<LoadResult> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.fail(`its top level did not finish within ${limitMs / 1000} s`);
        onTimeout();
      }, limitMs);
      this.#settle = (result) => {
        clearTimeout(timer);
        this.#settle = null;
        resolve(result);
      };
    });
  }

  receive(message: LoadMessage): void {
    if (message.type === 'loaded') {
      this.#settle?.({ ok: true, sources: sourcesOf(message) });
      return;
    }
    const { stack, place = null, missing = false } = message;
    this.#settle?.({ ok: false, message: message.message, stack: stack || null, place, missing });
  }

  fail(message: string): void {
    this.#settle?.(loadFailure(message));
  }
}

/** A failure without a place in the plugin's source. */
export function loadFailure(message: string): LoadFailure {
  return { ok: false, message, stack: null, place: null };
}

/** What the process imported, where only the process knows. */
function sourcesOf({ files, hash }: Extract<HostMessage, { type: 'loaded' }>): LoadedSources | null {
  return files === undefined || hash === undefined ? null : { files, hash };
}
