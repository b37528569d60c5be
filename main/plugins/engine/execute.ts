import type { HostCall, HostOutcome, HostReport } from '../../hosts/call.ts';
import type { PausableClock } from '../../hosts/pausable-clock.ts';
import { formatFailure, trimStack } from '../version/failure.ts';
import type { AcquireResult, Version } from '../version/serving.ts';
import type { Plugin } from './plugin.ts';
import type { CallReport, CallResult, PluginCall } from './types.ts';

type Ready = Extract<AcquireResult, { readonly ok: true }>;

/**
 * Runs one call from its arrival to its result; waiting for its turn and for a process counts. Never rejects.
 * `withheld`: environment variables that are not passed on to plugins.
 */
export async function executeCall(
  plugin: Plugin | undefined,
  call: PluginCall,
  withheld: ReadonlySet<string>,
): Promise<CallReport> {
  const startedAt = performance.now();
  if (plugin?.source == null || !plugin.enabled) return notDispatched({ kind: 'unknown' }, startedAt);
  const { clock } = plugin.debugging;
  const pausedBefore = clock.pausedMs;
  const paused = () => clock.pausedMs - pausedBefore;
  const deadlineEnd = createDeadline(call, clock);
  const place = plugin.queue.enter();
  let isSent = false;
  try {
    const early = place.immediate ? undefined : await Promise.race([place.turn, deadlineEnd.promise()]);
    if (early !== undefined) return { ...notDispatched(early, startedAt, paused()), queued: true };
    for (;;) {
      const ready =
        liveProcess(plugin, call) ?? (await Promise.race([findProcess(plugin), deadlineEnd.promise()]));
      if ('kind' in ready) return notDispatched(ready, startedAt, paused());
      // It may have ended since its promise resolved; from here on nothing is awaited before the call is
      // sent.
      if (!ready.host.alive) continue;
      const newProcess = plugin.noteDispatch(ready);
      isSent = true;
      const onEnd = () => place.leave();
      const timeoutMs = call.timeoutMs - (performance.now() - startedAt) + paused();
      const sent = { ...call, timeoutMs, clock, onEnd };
      const { absent, ...report } = await send(ready, sent, startedAt);
      const missed = absent.filter((name) => withheld.has(name));
      return { ...report, pausedMs: paused(), queued: !place.immediate, newProcess, withheld: missed };
    }
  } finally {
    // A call that its client has left still runs, and counts until it ends.
    if (!isSent) place.leave();
    deadlineEnd.dispose();
  }
}

/** The serving process if the call need not wait for one, as nearly always; otherwise null. */
function liveProcess(plugin: Plugin, { signal }: PluginCall): Ready | null {
  return plugin.ready && !signal.aborted ? plugin.serving.live() : null;
}

async function send(
  ready: Ready,
  call: PluginCall & Pick<HostCall, 'clock' | 'onEnd'>,
  startedAt: number,
): Promise<Omit<CallReport, 'pausedMs'> & Pick<HostReport, 'absent'>> {
  const sentAt = performance.now();
  const { outcome, console, events, children, droppedChildren, blockedMs, absent, unawaited } =
    await ready.host.call(call);
  return {
    result: withOwnFrames(outcome, ready.version),
    queueMs: sentAt - startedAt,
    runMs: performance.now() - sentAt,
    console,
    events,
    children,
    droppedChildren,
    blockedMs,
    absent,
    unawaited,
    version: ready.version.hash,
    pid: ready.host.pid,
  };
}

/** The serving version's process, or why no call can be made. */
async function findProcess(plugin: Plugin): Promise<Ready | CallResult> {
  // A reload that is running may bring the first version.
  while (plugin.serving.version === null && plugin.busy !== null) await plugin.busy;
  if (plugin.source === null || !plugin.enabled) return { kind: 'unknown' };
  const { quarantined } = plugin.crashes;
  if (quarantined !== null) return { kind: 'crashed', reason: quarantined };
  if (plugin.serving.version === null) {
    const message = plugin.failure === null ? 'no version of it is loaded' : formatFailure(plugin.failure);
    return { kind: 'load-failed', message };
  }
  const acquired = await plugin.serving.acquire();
  if (acquired.ok) return acquired;
  if (acquired.stopping) return { kind: 'crashed', reason: acquired.message };
  return { kind: 'load-failed', message: plugin.mask(acquired.message) };
}

function notDispatched(result: CallResult, startedAt: number, pausedMs = 0): CallReport {
  const queueMs = performance.now() - startedAt;
  return {
    result,
    queueMs,
    runMs: 0,
    pausedMs,
    console: [],
    events: [],
    children: [],
    droppedChildren: 0,
    blockedMs: 0,
    unawaited: [],
    version: null,
    pid: null,
  };
}

function withOwnFrames(outcome: HostOutcome, { bundle, folder }: Version): HostOutcome {
  if (outcome.kind !== 'threw' || outcome.stack === null) return outcome;
  return { ...outcome, stack: trimStack(outcome.stack, { kind: bundle.kind, folder }) };
}

interface Deadline {
  /**
   * Resolves when the time is up or the caller has left, whichever is first. The time runs from the first
   * call.
   */
  promise(): Promise<EarlyEnd>;
  dispose(): void;
}

type EarlyEnd = { readonly kind: 'timeout' } | { readonly kind: 'aborted' };

/** Only for a call that has to wait: once it is in a process, that enforces the deadline. */
function createDeadline({ timeoutMs, signal }: PluginCall, clock: PausableClock): Deadline {
  let dispose: () => void = () => undefined;
  let promise: Promise<EarlyEnd> | null = null;
  const watch = () =>
    new Promise<EarlyEnd>((resolve) => {
      const onAbort = () => resolve({ kind: 'aborted' });
      const cancelTimer = clock.after(timeoutMs, () => resolve({ kind: 'timeout' }));
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) onAbort();
      dispose = () => {
        cancelTimer();
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
