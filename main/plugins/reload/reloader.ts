import { setTimeout as delay } from 'node:timers/promises';
import type { PluginFailure, ReloadRecord } from '../../contract/plugin-view.ts';
import type { Log } from '../../system/log.ts';
import type { Plugin } from '../engine/plugin.ts';
import { type Attempt, type AttemptDeps, attempt, type ReloadRequest } from './attempt.ts';
import { Pace } from './pace.ts';

/** A file caught half-written is an error only once it has stayed broken this long (main/README.md §3). */
const BROKEN_MS = 100;
/** Changes that come too fast to be reloaded one by one are taken together: after a pause, but not for ever. */
const PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 500;
/**
 * The watcher drops a second event for a file within 50 ms of the first, so every change is looked at once more; when
 * nothing differs that costs one compilation.
 */
const SECOND_LOOK_MS = 80;
/** A load that hangs gives way to a newer change after this. */
const IMPATIENCE_MS = 500;

export interface ReloaderDeps extends AttemptDeps {
  readonly log: Log;
  readonly onReload: (record: ReloadRecord) => void;
  readonly onChange: () => void;
}

/** Keeps one plugin as it is on disk: one attempt at a time, later requests merged into the next. */
export class Reloader {
  readonly #plugin: Plugin;
  readonly #deps: ReloaderDeps;
  #pending: ReloadRequest | null = null;
  #running: Promise<void> | null = null;
  #requestedAt = Number.NEGATIVE_INFINITY;
  readonly #pace = new Pace(performance.now());
  #secondLook: NodeJS.Timeout | null = null;
  #stopping = new AbortController();
  /** The version that failed last, so that it isn't loaded again while it stays the same. */
  #failed: { readonly hash: string | null; readonly failure: PluginFailure } | null = null;

  constructor(plugin: Plugin, deps: ReloaderDeps) {
    this.#plugin = plugin;
    this.#deps = deps;
  }

  /** Resolves when what was on disk at this moment, or something newer, serves or has failed. Never rejects. */
  request(request: ReloadRequest): Promise<void> {
    if (this.#stopping.signal.aborted) return Promise.resolve();
    this.#requestedAt = performance.now();
    this.#pending = merge(this.#pending, request);
    this.#running ??= this.#drain();
    this.#plugin.busy = this.#running;
    return this.#running;
  }

  /** Takes no more requests and abandons a load that is under way. */
  stop(): void {
    this.#stopping.abort();
    if (this.#secondLook !== null) clearTimeout(this.#secondLook);
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
    // Here and not in a `finally`: no request may slip in between the loop's last look and this line.
    this.#running = null;
    this.#plugin.busy = null;
  }

  async #awaitPause({ cause }: ReloadRequest): Promise<void> {
    const began = performance.now();
    if (cause !== 'change' || this.#pace.isFree(began)) return;
    let seen: number;
    do {
      seen = this.#requestedAt;
      await delay(PAUSE_MS);
    } while (seen !== this.#requestedAt && performance.now() - began < LONGEST_PAUSE_MS);
  }

  async #run(request: ReloadRequest): Promise<void> {
    let result = await this.#attempt(request);
    if (isBroken(result) && request.cause === 'change') {
      if (await this.#superseded(BROKEN_MS)) {
        this.#pending = merge(request, this.#pending ?? request);
        return;
      }
      if (result.kind === 'failed') this.#failed = result;
      result = await this.#attempt({ ...request, again: true });
    }
    if (this.#stopping.signal.aborted) return;
    this.#apply(result, request);
    const isMore = request.again !== true || result.kind === 'loaded';
    if (request.cause === 'change' && isMore) this.#recheck(request);
  }

  async #attempt(request: ReloadRequest): Promise<Attempt> {
    const abandon = new AbortController();
    const onStop = () => abandon.abort();
    this.#stopping.signal.addEventListener('abort', onStop, { once: true });
    const impatience = setInterval(() => {
      if (this.#pending !== null) abandon.abort();
    }, IMPATIENCE_MS);
    try {
      return await attempt(this.#plugin, request, this.#failed, abandon.signal, this.#deps);
    } finally {
      clearInterval(impatience);
      this.#stopping.signal.removeEventListener('abort', onStop);
    }
  }

  /** Whether a newer request came within `ms`. */
  async #superseded(ms: number): Promise<boolean> {
    const until = performance.now() + ms;
    while (this.#pending === null && performance.now() < until) await delay(10);
    return this.#pending !== null;
  }

  #recheck(request: ReloadRequest): void {
    if (this.#secondLook !== null) clearTimeout(this.#secondLook);
    this.#secondLook = setTimeout(() => {
      this.request({ ...request, again: true }).catch((error: unknown) =>
        this.#deps.log.error('second look failed', error),
      );
    }, SECOND_LOOK_MS);
  }

  #apply(result: Attempt, request: ReloadRequest): void {
    const plugin = this.#plugin;
    if (result.kind === 'gone') {
      plugin.source = null;
      plugin.notice = result.notice;
      plugin.failure = null;
      this.#deps.bundles.drop(plugin.serving.version?.bundle.file);
      plugin.serving.unload();
    } else if (result.kind === 'failed') {
      // A version that failed before and is still the one on disk is no news, unless somebody asked.
      const news = plugin.failure?.message !== result.failure.message || request.cause !== 'change';
      this.#failed = result;
      plugin.failure = result.failure;
      if (news) this.#record(request, false, firstLine(result.failure.message));
    } else {
      const healed = plugin.failure !== null;
      plugin.failure = null;
      this.#failed = null;
      if (result.kind === 'loaded') this.#afterLoad();
      if (result.kind === 'loaded' || healed) this.#record(request, true, null);
    }
    this.#deps.onChange();
  }

  #afterLoad(): void {
    this.#plugin.crashes.clear();
    this.#plugin.loadedAt = this.#deps.now();
    this.#pace.count();
  }

  #record({ cause, eventAt }: ReloadRequest, ok: boolean, error: string | null): void {
    const plugin = this.#plugin;
    const measured = ok && eventAt !== null && plugin.lastReload !== null;
    const record: ReloadRecord = {
      plugin: plugin.name,
      at: this.#deps.now(),
      ok,
      latencyMs: measured ? performance.now() - eventAt : null,
      version: plugin.serving.version?.hash ?? null,
      cause,
      error,
    };
    plugin.reloads.add(record);
    if (!ok) this.#deps.log.warn(`plugin ${plugin.name}: ${error ?? 'failed'}`, placeOf(plugin.failure));
    this.#deps.onReload(record);
  }
}

function isBroken(result: Attempt): boolean {
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
  };
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

function placeOf(failure: PluginFailure | null): Record<string, unknown> {
  return failure?.file == null ? {} : { at: `${failure.file}:${failure.line}:${failure.column}` };
}
