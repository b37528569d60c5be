import type { HostOutcome } from '../hosts/call.ts';
import type { CallReport, CallResult, PluginCall } from './engine.ts';
import { trimStack } from './failure.ts';
import { maskTokens } from './mask.ts';
import type { Plugin } from './plugin.ts';
import type { Acquired } from './serving.ts';

type Ready = Extract<Acquired, { readonly ok: true }>;

/** The longest delay a timer takes; beyond it, it would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Runs one call from its arrival to its result; waiting for its turn and for a process counts. Never rejects. */
export async function executeCall(plugin: Plugin | undefined, call: PluginCall): Promise<CallReport> {
  const startedAt = performance.now();
  const deadline = Date.now() + call.timeoutMs;
  if (plugin?.source == null || !plugin.enabled) return neverAsked({ kind: 'unknown' }, startedAt);
  const end = endOf(call);
  const place = plugin.queue.enter();
  try {
    const early = await Promise.race([place.turn, end.promise]);
    if (early !== undefined) return neverAsked(early, startedAt);
    for (;;) {
      const ready = await Promise.race([findProcess(plugin), end.promise]);
      if ('kind' in ready) return neverAsked(ready, startedAt);
      // It may have ended between its promise and here; from this line on nothing is awaited before the call is in.
      if (ready.host.alive) return await ask(ready, { ...call, deadline }, startedAt);
    }
  } finally {
    place.leave();
    end.dispose();
  }
}

async function ask(
  ready: Ready,
  call: PluginCall & { deadline: number },
  startedAt: number,
): Promise<CallReport> {
  const askedAt = performance.now();
  const { outcome, console, events } = await ready.host.call(call);
  return {
    result: withOwnFrames(outcome, ready.version.folder),
    queueMs: askedAt - startedAt,
    runMs: performance.now() - askedAt,
    console,
    events,
    version: ready.version.hash,
    pid: ready.host.pid,
  };
}

/** The serving version's process, or the reason why no call can be made. */
async function findProcess(plugin: Plugin): Promise<Ready | CallResult> {
  // A reload that is under way may bring the first version.
  while (plugin.serving.version === null && plugin.busy !== null) await plugin.busy;
  if (plugin.source === null || !plugin.enabled) return { kind: 'unknown' };
  const { quarantined } = plugin.crashes;
  if (quarantined !== null) return { kind: 'crashed', reason: quarantined };
  if (plugin.serving.version === null) {
    return { kind: 'load-failed', message: plugin.failure?.message ?? 'no version of it is loaded' };
  }
  const acquired = await plugin.serving.acquire();
  if (acquired.ok) return acquired;
  if (acquired.stopping) return { kind: 'crashed', reason: acquired.message };
  return { kind: 'load-failed', message: maskTokens(acquired.message) };
}

function neverAsked(result: CallResult, startedAt: number): CallReport {
  const queueMs = performance.now() - startedAt;
  return { result, queueMs, runMs: 0, console: [], events: [], version: null, pid: null };
}

function withOwnFrames(outcome: HostOutcome, folder: string): HostOutcome {
  if (outcome.kind !== 'threw' || outcome.stack === null) return outcome;
  return { ...outcome, stack: trimStack(outcome.stack, folder) };
}

interface End {
  /** Resolves when the time is up or the caller has left, whichever is first. */
  readonly promise: Promise<{ readonly kind: 'timeout' } | { readonly kind: 'aborted' }>;
  dispose(): void;
}

function endOf({ timeoutMs, signal }: PluginCall): End {
  let dispose: () => void = () => undefined;
  const promise = new Promise<Awaited<End['promise']>>((resolve) => {
    const onAbort = () => resolve({ kind: 'aborted' });
    const timer = setTimeout(() => resolve({ kind: 'timeout' }), Math.min(MAX_TIMER_MS, timeoutMs));
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    dispose = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
  });
  return { promise, dispose: () => dispose() };
}
