import { setTimeout as delay } from 'node:timers/promises';
import type { PluginFailure, ReloadRecord } from '../../contract/plugin-view.ts';
import type { Log } from '../../system/log.ts';
import type { Plugin } from '../engine/plugin.ts';
import {
  type AttemptDeps,
  type AttemptResult,
  attempt,
  type KnownFailure,
  type ReloadRequest,
} from './attempt.ts';
import { Pace } from './pace.ts';
import { BROKEN_MS, IMPATIENCE_MS, LONGEST_PAUSE_MS, PAUSE_MS, RECHECK_MS } from './timing.ts';

export interface ReloaderDeps extends AttemptDeps {
  readonly log: Log;
  readonly onReload: (record: ReloadRecord) => void;
}

const nothing = () => undefined;

/** Brings one plugin to what is on disk: one attempt at a time, later requests merged into the next. */
export class Reloader {
  readonly #plugin: Plugin;
  readonly #deps: ReloaderDeps;
  #pending: ReloadRequest | null = null;
  #running: Promise<void> | null = null;
  #requestedAt = Number.NEGATIVE_INFINITY;
  /** What a request that comes now means for the step that is running. */
  #onNewerRequest: () => void = nothing;
  readonly #pace = new Pace(performance.now());
  #recheckTimer: NodeJS.Timeout | null = null;
  #stopping = new AbortController();
  /** The version that failed last, so that it isn't loaded again while it stays the same. */
  #failed: KnownFailure | null = null;

  constructor(plugin: Plugin, deps: ReloaderDeps) {
    this.#plugin = plugin;
    this.#deps = deps;
  }

  /**
   * Resolves when what was on disk at this moment, or something newer, serves or has failed. Never rejects.
   */
  request(request: ReloadRequest): Promise<void> {
    if (this.#stopping.signal.aborted) return Promise.resolve();
    this.#requestedAt = performance.now();
    this.#pending = merge(this.#pending, request);
    // A second look brings nothing newer: it waits for what is running.
    if (request.again !== true) this.#onNewerRequest();
    this.#running ??= this.#drain();
    this.#plugin.busy = this.#running;
    return this.#running;
  }

  /** Takes no more requests and abandons a load that is running. */
  stop(): void {
    this.#stopping.abort();
    if (this.#recheckTimer !== null) clearTimeout(this.#recheckTimer);
  }

  async #drain(): Promise<void> {
    while (this.#pending !== null && !this.#stopping.signal.aborted) {
      await this.#awaitPause(this.#pending);
      const request = this.#pending;
      this.#pending = null;
      await this.#run(request).catch((error: unknown) => {
        // While stopping, files and processes are being removed under it.
        if (this.#stopping.signal.aborted) return;
        this.#deps.log.error(`plugin ${this.#plugin.name}: its reload failed`, error);
      });
    }
    // Here and not in a `finally`: no request may slip in between the loop's last check and this line.
    this.#running = null;
    this.#plugin.busy = null;
  }

  async #awaitPause({ cause }: ReloadRequest): Promise<void> {
    const startedAt = performance.now();
    if (cause !== 'change' || this.#pace.isFree(startedAt)) return;
    let lastRequestAt: number;
    do {
      lastRequestAt = this.#requestedAt;
      await delay(PAUSE_MS);
    } while (lastRequestAt !== this.#requestedAt && performance.now() - startedAt < LONGEST_PAUSE_MS);
  }

  async #run(request: ReloadRequest): Promise<void> {
    let result = await this.#attempt(request);
    if (result === null) return this.#putBack(request);
    // Only what somebody is just saving may be half-written.
    const isSaved = request.cause === 'change' && request.retry !== true;
    if (isBroken(result) && isSaved) {
      if (await this.#isSuperseded(BROKEN_MS)) {
        this.#putBack(request);
        return;
      }
      if (result.kind === 'failed') this.#failed = result;
      result = await this.#attempt({ ...request, again: true });
      if (result === null) return this.#putBack(request);
    }
    if (this.#stopping.signal.aborted) return;
    this.#apply(result, request);
    const needsRecheck = request.again !== true || result.kind === 'loaded';
    if (isSaved && needsRecheck) this.#recheck(request);
  }

  #putBack(request: ReloadRequest): void {
    this.#pending = merge(request, this.#pending ?? request);
  }

  /** Null when it was given up for a newer request: that it failed says nothing. */
  async #attempt(request: ReloadRequest): Promise<AttemptResult | null> {
    const stopping = this.#stopping.signal;
    const abandon = new AbortController();
    const onAbandon = () => abandon.abort();
    let impatience: NodeJS.Timeout | undefined;
    if (stopping.aborted) onAbandon();
    stopping.addEventListener('abort', onAbandon, { once: true });
    this.#onNewerRequest = () => {
      impatience ??= setTimeout(onAbandon, IMPATIENCE_MS);
    };
    try {
      const result = await attempt(this.#plugin, request, this.#failed, abandon.signal, this.#deps);
      return abandon.signal.aborted && result.kind === 'failed' ? null : result;
    } finally {
      this.#onNewerRequest = nothing;
      clearTimeout(impatience);
      stopping.removeEventListener('abort', onAbandon);
    }
  }

  /** Whether a newer request comes within `ms`. */
  async #isSuperseded(ms: number): Promise<boolean> {
    if (this.#pending !== null) return true;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
      this.#onNewerRequest = resolve;
    });
    clearTimeout(timer);
    this.#onNewerRequest = nothing;
    return this.#pending !== null;
  }

  #recheck(request: ReloadRequest): void {
    if (this.#recheckTimer !== null) clearTimeout(this.#recheckTimer);
    this.#recheckTimer = setTimeout(() => {
      this.request({ ...request, again: true }).catch((error: unknown) =>
        this.#deps.log.error(`plugin ${this.#plugin.name}: could not check its files again`, error),
      );
    }, RECHECK_MS);
  }

  #apply(result: AttemptResult, request: ReloadRequest): void {
    const plugin = this.#plugin;
    if (result.kind === 'gone') {
      plugin.source = null;
      plugin.notice = result.notice;
      plugin.failure = null;
      this.#deps.bundles.drop(plugin.serving.version?.bundle.file);
      plugin.serving.unload();
    } else if (result.kind === 'failed') {
      // A version that failed before and is still on disk needs no record, unless somebody asked.
      const isNew = plugin.failure?.message !== result.failure.message || request.cause !== 'change';
      this.#failed = result;
      plugin.failure = result.failure;
      if (isNew) this.#record(request, false, firstLine(result.failure.message));
    } else {
      const wasBroken = plugin.failure !== null;
      plugin.failure = null;
      this.#failed = null;
      if (result.kind === 'loaded') this.#afterLoad();
      if (result.kind === 'loaded' || wasBroken) this.#record(request, true, null);
    }
    plugin.notifyChange();
  }

  #afterLoad(): void {
    this.#plugin.crashes.clear();
    this.#plugin.loadedAt = this.#deps.now();
    this.#pace.count();
  }

  #record({ cause, eventAt }: ReloadRequest, ok: boolean, error: string | null): void {
    const plugin = this.#plugin;
    const isMeasured = ok && eventAt !== null && plugin.lastReload !== null;
    const record: ReloadRecord = {
      plugin: plugin.name,
      at: this.#deps.now(),
      ok,
      latencyMs: isMeasured ? performance.now() - eventAt : null,
      version: plugin.serving.version?.hash ?? null,
      cause,
      error,
    };
    plugin.reloads.add(record);
    if (!ok) this.#deps.log.warn(`plugin ${plugin.name}: ${error ?? 'failed'}`, placeOf(plugin.failure));
    this.#deps.onReload(record);
  }
}

function isBroken(result: AttemptResult): boolean {
  return result.kind === 'failed' || result.kind === 'gone';
}

/** One request for two: the stronger cause, the earlier event. */
function merge(earlier: ReloadRequest | null, later: ReloadRequest): ReloadRequest {
  if (earlier === null) return later;
  const cause = earlier.cause === 'change' ? later.cause : earlier.cause;
  return {
    cause,
    eventAt: earlier.eventAt ?? later.eventAt,
    again: earlier.again === true && later.again === true,
    retry: earlier.retry === true && later.retry === true,
  };
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

function placeOf(failure: PluginFailure | null): Record<string, unknown> {
  return failure?.file == null ? {} : { at: `${failure.file}:${failure.line}:${failure.column}` };
}
