import type { HostCall, HostOutcome } from '../../hosts/call.ts';
import type { PausableClock } from '../../hosts/pausable-clock.ts';
import { maskTokens } from '../../system/jwt-pattern.ts';
import { inOneLine, trimStack } from '../version/failure.ts';
import type { Acquired } from '../version/serving.ts';
import type { Plugin } from './plugin.ts';
import type { CallReport, CallResult, PluginCall } from './types.ts';

type Ready = Extract<Acquired, { readonly ok: true }>;

/** Runs one call from its arrival to its result; waiting for its turn and for a process counts. Never rejects. */
export async function executeCall(plugin: Plugin | undefined, call: PluginCall): Promise<CallReport> {
  const startedAt = performance.now();
  const deadline = Date.now() + call.timeoutMs;
  if (plugin?.source == null || !plugin.enabled) return notDispatched({ kind: 'unknown' }, startedAt);
  const { clock } = plugin.debugging;
  const pausedBefore = clock.pausedMs;
  const paused = () => clock.pausedMs - pausedBefore;
  const end = createDeadline(call, clock);
  const place = plugin.queue.enter();
  try {
    const early = place.immediate ? undefined : await Promise.race([place.turn, end.promise()]);
    if (early !== undefined) return notDispatched(early, startedAt, paused());
    for (;;) {
      const ready = liveProcess(plugin, call) ?? (await Promise.race([findProcess(plugin), end.promise()]));
      if ('kind' in ready) return notDispatched(ready, startedAt, paused());
      // It may have ended between its promise and here; from this line on nothing is awaited before the call is in.
      if (!ready.host.alive) continue;
      const report = await ask(ready, { ...call, deadline: deadline + paused(), clock }, startedAt);
      return { ...report, pausedMs: paused() };
    }
  } finally {
    place.leave();
    end.dispose();
  }
}

/** The serving process where nothing has to be waited for, as for nearly every call; else null. */
function liveProcess(plugin: Plugin, { signal }: PluginCall): Ready | null {
  return plugin.ready && !signal.aborted ? plugin.serving.live() : null;
}

async function ask(
  ready: Ready,
  call: PluginCall & Pick<HostCall, 'deadline' | 'clock'>,
  startedAt: number,
): Promise<Omit<CallReport, 'pausedMs'>> {
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
    const message = plugin.failure === null ? 'no version of it is loaded' : inOneLine(plugin.failure);
    return { kind: 'load-failed', message };
  }
  const acquired = await plugin.serving.acquire();
  if (acquired.ok) return acquired;
  if (acquired.stopping) return { kind: 'crashed', reason: acquired.message };
  return { kind: 'load-failed', message: maskTokens(acquired.message) };
}

function notDispatched(result: CallResult, startedAt: number, pausedMs = 0): CallReport {
  const queueMs = performance.now() - startedAt;
  return { result, queueMs, runMs: 0, pausedMs, console: [], events: [], version: null, pid: null };
}

function withOwnFrames(outcome: HostOutcome, folder: string): HostOutcome {
  if (outcome.kind !== 'threw' || outcome.stack === null) return outcome;
  return { ...outcome, stack: trimStack(outcome.stack, folder) };
}

interface End {
  /** Resolves when the time is up or the caller has left, whichever is first. The time runs from the first asking. */
  promise(): Promise<EarlyEnd>;
  dispose(): void;
}

type EarlyEnd = { readonly kind: 'timeout' } | { readonly kind: 'aborted' };

/** Made only for a call that has to wait: once it is in a process, that keeps the deadline. */
function createDeadline({ timeoutMs, signal }: PluginCall, clock: PausableClock): End {
  let dispose: () => void = () => undefined;
  let promise: Promise<EarlyEnd> | null = null;
  const watch = () =>
    new Promise<EarlyEnd>((resolve) => {
      const onAbort = () => resolve({ kind: 'aborted' });
      const disarm = clock.after(timeoutMs, () => resolve({ kind: 'timeout' }));
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) onAbort();
      dispose = () => {
        disarm();
        signal.removeEventListener('abort', onAbort);
      };
    });
  return {
    promise: () => {
      promise ??= watch();
      return promise;
    },
    dispose: () => dispose(),
  };
}
