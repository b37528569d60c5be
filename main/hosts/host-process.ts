import type { ChildProcess } from 'node:child_process';
import type { ChildSpanMode } from '../contract/child-span.ts';
import type { HostMessage, RuntimeMessage } from '../contract/host.ts';
import { isHostMessage } from '../contract/host-guards.ts';
import type { Bundle, HostCall, HostReport, LoadedSources, LoadResult } from './call.ts';
import { CallDeadline } from './call-deadline.ts';
import { CallRecords } from './call-records.ts';
import type { HostChannel, LaunchedHost } from './channel.ts';
import { describeExit, type HostExit, type KillReason } from './exit.ts';
import { HostLink } from './host-link.ts';
import { Inspection, type InspectorAnswer } from './inspection.ts';
import { type HostLauncher, tryLaunch } from './launcher.ts';
import { watchMemory } from './memory.ts';
import { PausableClock } from './pausable-clock.ts';
import { loadFailure, outcomeOf, PendingCall, PendingLoad, type ResultMessage } from './pending.ts';
import { killGroup, killTree } from './process-tree.ts';

/** A version that takes longer than this to evaluate its top level has failed to load. */
const LOAD_TIMEOUT_MS = 10_000;
/** Ending a process keeps this thread and a core busy: not while a call waits for what replaced it. */
const END_DELAY_MS = 25;
/** How long the pipes of an ended process are still read. */
const DRAIN_TIMEOUT_MS = 200;
/** For calls that no debugger can pause. */
const UNPAUSED_CLOCK = new PausableClock();

export interface HostHooks {
  /** A line written outside of any call. */
  onLine?(text: string): void;
  /** Modules were imported late: from now on the version is made of these files. */
  onSources?(sources: LoadedSources): void;
  onExit?(exit: HostExit): void;
  /** Other events than before have subscribers. */
  onSubscribed?(): void;
}

interface RunningCall {
  readonly pending: PendingCall;
  readonly deadline: CallDeadline;
  readonly unsubscribe: () => void;
  readonly onEnd: () => void;
  readonly sentAt: number;
  /** The process has noticed that the call was cancelled. */
  noticed: boolean;
  /** It ran on long after its deadline. */
  stuck: boolean;
}

/**
 * One process with at most one version of one plugin in it.
 *
 * It guarantees that every call settles exactly once (result, deadline, abort or the end of the process,
 * whichever is first), that a load settles, and that after a kill neither the process nor its descendants
 * remain. It recognizes a kill by its own flag, never by an exit code, and ignores unknown call ids.
 */
export class HostProcess {
  readonly pid: number | null;
  /** Resolves when the process is gone. */
  readonly exited: Promise<HostExit>;
  hooks: HostHooks = {};
  /** Questions of stubs, and events of other plugins. */
  readonly link: HostLink;
  /** Null when it could not be started. */
  readonly #channel: HostChannel | null;
  readonly #memoryLimitMb: number;
  readonly #childSpans: ChildSpanMode | undefined;
  readonly #calls = new Map<number, RunningCall>();
  readonly #load = new PendingLoad();
  readonly #inspection = new Inspection();
  readonly #records = new CallRecords({
    find: (id) => this.#calls.get(id)?.pending,
    onLine: (text) => this.hooks.onLine?.(text),
  });
  #nextId = 1;
  #killed: KillReason | null = null;
  #exit: HostExit | null = null;
  /** Why it takes no more calls, and ends with the last of them. */
  #retired: KillReason | null = null;
  #ended = false;
  #dying: string | null = null;
  #stderr = '';
  #unwatchMemory: () => void = () => undefined;
  #onDecided: (() => void)[] = [];
  #announceExit: (exit: HostExit) => void = () => undefined;

  /** `mark`: what it and all that it starts are known by (orphans.ts). */
  constructor(launcher: HostLauncher, mark: string) {
    this.#memoryLimitMb = launcher.memoryLimitMb;
    this.#childSpans = launcher.childSpans;
    this.exited = new Promise((resolve) => {
      this.#announceExit = resolve;
    });
    const launched = tryLaunch(launcher, mark);
    const isLaunched = !(launched instanceof Error);
    this.#channel = isLaunched ? launched.channel : null;
    this.pid = (isLaunched ? launched.child.pid : null) ?? null;
    this.link = new HostLink({
      send: (message) => this.#send(message),
      onRelayed: ({ call, event, source }, plugins) =>
        this.#records.noteRelayed(call, event, source, plugins),
      onIdle: () => this.#endIfDone(),
      onSubscribed: () => this.hooks.onSubscribed?.(),
    });
    if (isLaunched) this.#listen(launched);
    else this.#failToStart(launched);
  }

  /** Whether it takes calls: it has neither ended nor is it about to. */
  get alive(): boolean {
    return (
      !this.#ended &&
      this.#exit === null &&
      this.#killed === null &&
      this.#retired === null &&
      this.#dying === null
    );
  }

  /** How it ended or is about to, as far as that is known yet; null while it is alive. */
  get ending(): HostExit | null {
    if (this.#exit !== null || this.alive) return this.#exit;
    return describeExit({ ...this.#facts(null, null), killed: this.#killed ?? this.#retired });
  }

  /** Whether no call is running in it, not even one whose caller has left, and no subscriber. */
  get idle(): boolean {
    return this.#calls.size === 0 && !this.link.delivering;
  }

  /**
   * Whether a call is past its deadline and may still end: until that is known nobody can say whether the
   * process lives on.
   */
  get undecided(): boolean {
    return this.alive && [...this.#calls.values()].some(({ deadline }) => deadline.hasPassed);
  }

  /** Resolves when that is known, at most half a second after the deadline (call-deadline.ts). */
  decided(): Promise<void> {
    return this.undecided
      ? new Promise((resolve) => {
          this.#onDecided.push(resolve);
        })
      : Promise.resolve();
  }

  /** Loads a version; once per process. Never rejects. */
  async load(bundle: Bundle, limitMs = LOAD_TIMEOUT_MS): Promise<LoadResult> {
    if (this.#exit !== null) return { ...loadFailure(this.#exit.reason), unstarted: this.pid === null };
    const loading = this.#load.start(limitMs, () => this.kill('load'));
    const { file, entry, python } = bundle;
    this.#send({ type: 'load', bundle: file, entry, childSpans: this.#childSpans, ...python });
    const result = await loading;
    return result.ok || this.pid !== null ? result : { ...result, unstarted: true };
  }

  /** Makes one call. Never rejects; when the deadline passes it is cancelled (CONTRACT.md §4). */
  call(call: HostCall): Promise<HostReport> {
    const id = this.#nextId++;
    const pending = new PendingCall();
    const onAbort = () => {
      // The caller gets its answer now; the entry remains, so that the deadline ends a plugin that ignores
      // the signal.
      this.#send({ type: 'cancel', id });
      pending.settle({ kind: 'aborted' });
    };
    const running: RunningCall = {
      pending,
      deadline: new CallDeadline(call.clock ?? UNPAUSED_CLOCK, call.timeoutMs, {
        cancel: () => this.#send({ type: 'cancel', id }),
        answer: () => this.#answerLate(running),
        retire: () => this.#retireStuck(running),
        end: () => this.kill('deadline'),
      }),
      unsubscribe: () => call.signal.removeEventListener('abort', onAbort),
      onEnd: () => call.onEnd?.(),
      sentAt: performance.now(),
      noticed: false,
      stuck: false,
    };
    this.#calls.set(id, running);
    if (call.traceparent !== undefined) this.link.noteTrace(id, call.traceparent);
    call.signal.addEventListener('abort', onAbort, { once: true });
    const { json, timeoutMs, traceparent } = call;
    this.#send({ type: 'call', id, json, deadline: Date.now() + timeoutMs, traceparent });
    if (call.signal.aborted) onAbort();
    return pending.report;
  }

  /** Has the process listen for debuggers for the rest of its life. Never rejects. */
  inspect(): Promise<InspectorAnswer> {
    return this.#inspection.open(() => this.#send({ type: 'inspect' }));
  }

  /** Takes no more calls and ends after those in flight. */
  retire(reason: KillReason): void {
    this.#retired ??= reason;
    if (this.idle) this.#killSoon(this.#retired);
  }

  /** Ends the process and its descendants at once; calls in flight settle as crashed with the reason. */
  kill(reason: KillReason): void {
    if (this.#ended) return;
    this.#killed ??= reason;
    if (this.pid !== null) killTree(this.pid);
    this.#loseCalls(describeExit(this.#facts(null, null)).reason);
  }

  #killSoon(reason: KillReason): void {
    setTimeout(() => this.kill(reason), END_DELAY_MS).unref();
  }

  #answerLate({ pending, onEnd, noticed, sentAt }: RunningCall): void {
    if (!noticed) pending.blockedMs = performance.now() - sentAt;
    pending.settle({ kind: 'timeout' });
    onEnd();
    if (!noticed) this.kill('deadline');
  }

  #retireStuck(call: RunningCall): void {
    call.stuck = true;
    this.#retired ??= 'deadline';
    this.#endIfDone();
  }

  /** Once it takes no more calls and the last of them has ended, or is past saving. */
  #endIfDone(): void {
    if (!this.undecided) {
      for (const resolve of this.#onDecided.splice(0)) resolve();
    }
    if (this.#retired === null) return;
    const calls = [...this.#calls.values()];
    if (this.idle) this.#killSoon(this.#retired);
    else if (calls.length > 0 && calls.every(({ stuck }) => stuck)) this.kill('deadline');
  }

  #failToStart(error: Error): void {
    this.#dying = `its process could not be started: ${error.message}`;
    // Whoever makes it has yet to listen.
    setImmediate(() => this.#finish(null, null));
  }

  #listen({ child, channel }: LaunchedHost): void {
    channel.onMessage((message) => {
      if (isHostMessage(message)) this.#receive(message);
    });
    channel.onBroken((reason) => {
      this.#dying = reason;
      this.kill('channel');
    });
    child.once('exit', (code, signal) => this.#drainPipes(child, code, signal));
    child.on('error', (error) => {
      if (this.pid === null) this.#failToStart(error);
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-8 * 1024);
    });
    if (this.pid === null) return;
    this.#unwatchMemory = watchMemory(this.pid, this.#memoryLimitMb, () => this.kill('memory'));
  }

  /**
   * When a process has ended, its last messages and an aborting engine's output may still be in the pipes.
   */
  #drainPipes(child: ChildProcess, code: number | null, signal: string | null): void {
    this.#ended = true;
    // A process that ended by itself may have left descendants, and they may hold the pipes open.
    if (this.pid !== null) killGroup(this.pid);
    const timer = setTimeout(() => this.#finish(code, signal), DRAIN_TIMEOUT_MS);
    child.once('close', () => {
      clearTimeout(timer);
      this.#finish(code, signal);
    });
  }

  #receive(message: HostMessage): void {
    if (message.type === 'loaded' || message.type === 'load-failed') this.#load.receive(message);
    else if (message.type === 'files') this.hooks.onSources?.(message);
    else if (message.type === 'console' || message.type === 'event' || message.type === 'child')
      this.#records.receive(message);
    else if (message.type === 'dying') this.#dying = message.reason;
    else if (message.type === 'inspecting' || message.type === 'not-inspecting')
      this.#inspection.receive(message);
    else if (message.type === 'cancelling') this.#noticeCancel(message.id);
    else if (message.type === 'result') this.#receiveResult(message);
    else if (message.type !== 'up') this.link.receive(message);
  }

  #noticeCancel(id: number): void {
    const call = this.#calls.get(id);
    if (call !== undefined) call.noticed = true;
  }

  #receiveResult({ id, result, blockedMs = 0, absent = [], unawaited = [] }: ResultMessage): void {
    const call = this.#calls.get(id);
    if (call === undefined) return;
    Object.assign(call.pending, { blockedMs, absent, unawaited });
    call.pending.settle(outcomeOf(result));
    this.#drop(id);
  }

  #drop(id: number): void {
    const call = this.#calls.get(id);
    if (call === undefined) return;
    call.deadline.stop();
    call.unsubscribe();
    this.#calls.delete(id);
    call.onEnd();
    this.#endIfDone();
  }

  #finish(code: number | null, signal: string | null): void {
    if (this.#exit !== null) return;
    const exit = describeExit(this.#facts(code, signal));
    this.#exit = exit;
    this.#unwatchMemory();
    this.#load.fail(exit.reason);
    this.#loseCalls(exit.reason);
    this.#inspection.lose(exit.reason);
    this.link.close();
    this.#announceExit(exit);
    this.hooks.onExit?.(exit);
  }

  #loseCalls(reason: string): void {
    for (const [id, { pending }] of this.#calls) {
      pending.settle({ kind: 'crashed', reason });
      this.#drop(id);
    }
  }

  #facts(code: number | null, signal: string | null) {
    const memoryLimitMb = this.#memoryLimitMb;
    return { killed: this.#killed, code, signal, dying: this.#dying, stderr: this.#stderr, memoryLimitMb };
  }

  #send(message: RuntimeMessage): void {
    this.#channel?.send(message, (error) => {
      // It can no longer be reached; its exit, which follows, settles every call.
      this.#stderr += error.message;
    });
  }
}
