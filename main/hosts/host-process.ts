import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { HOST_LIMITS, type HostMessage, isHostMessage, type RuntimeMessage } from '../contract/host.ts';
import type { Bundle, HostCall, HostReport, LoadedSources, LoadResult } from './call.ts';
import type { HostChannel } from './channel.ts';
import { describeExit, type HostExit, type KillReason } from './exit.ts';
import { Inspection, type InspectorAnswer } from './inspection.ts';
import type { HostLauncher } from './launcher.ts';
import { PausableClock } from './pausable-clock.ts';
import {
  type ConsoleMessage,
  type EventMessage,
  loadFailure,
  outcomeOf,
  PendingCall,
  PendingLoad,
} from './pending.ts';

/** A version that takes longer than this to evaluate its top level has failed to load. */
const LOAD_LIMIT_MS = 10_000;

/** How long the pipes of an ended process are read on. */
const LAST_WORDS_MS = 200;
/** Of calls that no debugger can stop. */
const CLOCK = new PausableClock();

export interface HostHooks {
  /** A line written outside of any call. */
  onLine?(text: string): void;
  /** Modules were imported late: the version is made of these files from now on. */
  onSources?(sources: LoadedSources): void;
  onExit?(exit: HostExit): void;
}

interface Entry {
  readonly call: PendingCall;
  readonly disarm: () => void;
  readonly unlisten: () => void;
}

/**
 * One process with at most one version of one plugin in it.
 *
 * Its debts: every call settles exactly once (result, deadline, abort or the process's end, whichever is first), a load
 * settles, and after a kill neither the process nor its descendants remain. It judges a kill by its own flag, never by
 * an exit code, and ignores ids that it doesn't know.
 */
export class HostProcess {
  readonly pid: number | null;
  /** Resolves when the process is gone. */
  readonly exited: Promise<HostExit>;
  hooks: HostHooks = {};
  readonly #child: ChildProcess;
  readonly #channel: HostChannel;
  readonly #memoryLimitMb: number;
  readonly #entries = new Map<number, Entry>();
  readonly #load = new PendingLoad();
  readonly #inspection = new Inspection();
  #nextId = 1;
  #killed: KillReason | null = null;
  #exit: HostExit | null = null;
  #retired = false;
  #ended = false;
  #dying: string | null = null;
  #stderr = '';
  #outsideLines = 0;
  #unwatchMemory: () => void = () => undefined;
  #announceExit: (exit: HostExit) => void = () => undefined;

  constructor(launcher: HostLauncher) {
    this.#memoryLimitMb = launcher.memoryLimitMb;
    this.exited = new Promise((resolve) => {
      this.#announceExit = resolve;
    });
    const { child, channel } = launcher.launch();
    this.#child = child;
    this.#channel = channel;
    this.pid = this.#child.pid ?? null;
    this.#listen();
  }

  /** Takes calls: neither ended nor about to be. */
  get alive(): boolean {
    return (
      !this.#ended && this.#exit === null && this.#killed === null && !this.#retired && this.#dying === null
    );
  }

  /** No call is at work in it, also none whose caller has left. */
  get idle(): boolean {
    return this.#entries.size === 0;
  }

  /** Loads a version; once in a process's life. Never rejects. */
  async load(bundle: Bundle, limitMs = LOAD_LIMIT_MS): Promise<LoadResult> {
    if (this.#exit !== null) return loadFailure(this.#exit.reason);
    const result = this.#load.begin(limitMs, () => this.kill('load'));
    this.#send({ type: 'load', bundle: bundle.file, entry: bundle.entry, ...bundle.python });
    return result;
  }

  /** Makes one call. Never rejects; when the deadline passes the process is killed (CONTRACT.md §4). */
  call(call: HostCall): Promise<HostReport> {
    const id = this.#nextId++;
    const pending = new PendingCall();
    const onAbort = () => {
      // The caller gets its answer now; the entry stays, so that a plugin that ignores the signal meets the deadline.
      this.#send({ type: 'cancel', id });
      pending.settle({ kind: 'aborted' });
    };
    const entry: Entry = {
      call: pending,
      disarm: (call.clock ?? CLOCK).after(call.deadline - Date.now(), () => this.#expire(pending)),
      unlisten: () => call.signal.removeEventListener('abort', onAbort),
    };
    this.#entries.set(id, entry);
    call.signal.addEventListener('abort', onAbort, { once: true });
    this.#send({ type: 'call', id, data: call.data, deadline: call.deadline });
    if (call.signal.aborted) onAbort();
    return pending.report;
  }

  /** Has the process listen for debuggers, from then on as long as it lives. Never rejects. */
  inspect(): Promise<InspectorAnswer> {
    return this.#inspection.open(() => this.#send({ type: 'inspect' }));
  }

  /** Takes no more calls and ends when those in flight have. */
  retire(reason: KillReason): void {
    this.#retired = true;
    if (this.idle) this.kill(reason);
  }

  /** Ends the process and its descendants at once; calls in flight settle as crashed with the reason. */
  kill(reason: KillReason): void {
    if (this.#ended) return;
    this.#killed ??= reason;
    killGroup(this.#child);
    this.#loseCalls(describeExit(this.#facts(null, null)).reason);
  }

  #expire(call: PendingCall): void {
    call.settle({ kind: 'timeout' });
    this.kill('deadline');
  }

  #listen(): void {
    this.#channel.onMessage((message) => {
      if (isHostMessage(message)) this.#receive(message);
    });
    this.#child.once('exit', (code, signal) => this.#awaitLastWords(code, signal));
    this.#child.once('error', (error) => {
      // Also raised when a message can't be sent to a process that just ended; then `exit` follows by itself.
      if (this.pid !== null) return;
      this.#dying = `its process could not be started: ${error.message}`;
      this.#finish(null, null);
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-8 * 1024);
    });
    if (this.pid === null) return;
    this.#unwatchMemory = watchMemory(this.pid, this.#memoryLimitMb, () => this.kill('memory'));
  }

  /** Its last messages and the words of an aborting engine may still be in the pipes when a process has ended. */
  #awaitLastWords(code: number | null, signal: string | null): void {
    this.#ended = true;
    // A process that ended by itself may have left descendants, and they may hold the pipes open.
    killGroup(this.#child);
    const timer = setTimeout(() => this.#finish(code, signal), LAST_WORDS_MS);
    this.#child.once('close', () => {
      clearTimeout(timer);
      this.#finish(code, signal);
    });
  }

  #receive(message: HostMessage): void {
    if (message.type === 'loaded' || message.type === 'load-failed') this.#load.receive(message);
    else if (message.type === 'files') this.hooks.onSources?.(message);
    else if (message.type === 'console') this.#receiveLine(message);
    else if (message.type === 'event') this.#receiveEvent(message);
    else if (message.type === 'dying') this.#dying = message.reason;
    else if (message.type === 'inspecting' || message.type === 'not-inspecting')
      this.#inspection.receive(message);
    else if (message.type === 'result') {
      this.#entries.get(message.id)?.call.settle(outcomeOf(message.result));
      this.#drop(message.id);
    }
  }

  #receiveLine(line: ConsoleMessage): void {
    if (line.id !== null) this.#entries.get(line.id)?.call.addLine(line);
    else this.#noteOutside(line.text);
  }

  #receiveEvent(event: EventMessage): void {
    if (event.id !== null) this.#entries.get(event.id)?.call.addEvent(event);
    // Without its detail: only a trace is masked by key.
    else this.#noteOutside(`outside of any call, stand-in for ${event.source}: ${event.kind} ${event.name}`);
  }

  #noteOutside(text: string): void {
    this.#outsideLines += 1;
    if (this.#outsideLines <= HOST_LIMITS.consoleLines) this.hooks.onLine?.(text);
  }

  #drop(id: number): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.disarm();
    entry.unlisten();
    this.#entries.delete(id);
    if (this.#retired && this.idle) this.kill('replaced');
  }

  #finish(code: number | null, signal: string | null): void {
    if (this.#exit !== null) return;
    const exit = describeExit(this.#facts(code, signal));
    this.#exit = exit;
    this.#unwatchMemory();
    this.#load.fail(exit.reason);
    this.#loseCalls(exit.reason);
    this.#inspection.lose(exit.reason);
    this.#announceExit(exit);
    this.hooks.onExit?.(exit);
  }

  #loseCalls(reason: string): void {
    for (const [id, entry] of this.#entries) {
      entry.call.settle({ kind: 'crashed', reason });
      this.#drop(id);
    }
  }

  #facts(code: number | null, signal: string | null) {
    const memoryLimitMb = this.#memoryLimitMb;
    return { killed: this.#killed, code, signal, dying: this.#dying, stderr: this.#stderr, memoryLimitMb };
  }

  #send(message: RuntimeMessage): void {
    this.#channel.send(message, (error) => {
      // It can't be reached any more: its exit, which is on its way, settles every call.
      this.#stderr += error.message;
    });
  }
}

/** Ends a process that leads a group, and all that it started, at once. Nothing left to end is fine. */
function killGroup(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: no process of the group is left, which is what was asked for.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** How often the resident memory of every live process is read. */
const MEMORY_POLL_MS = 250;

/**
 * Calls `onExceeded` once when the process holds more resident memory than `limitMb`: what grows outside of the heap
 * (buffers) escapes the engine's own limit. Returns its undo. Does nothing where there is no /proc.
 */
function watchMemory(pid: number, limitMb: number, onExceeded: () => void): () => void {
  if (process.platform !== 'linux') return () => undefined;
  let stopped = false;
  const stop = () => {
    stopped = true;
    clearInterval(timer);
  };
  const check = async () => {
    const residentMb = await readResidentMb(pid);
    if (stopped || residentMb === null || residentMb <= limitMb) return;
    stop();
    onExceeded();
  };
  const timer = setInterval(() => {
    check().catch(stop);
  }, MEMORY_POLL_MS);
  timer.unref();
  return stop;
}

/** Resident memory in MiB, or null when the process is gone. */
async function readResidentMb(pid: number): Promise<number | null> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
    return kibibytes === undefined ? null : Number(kibibytes) / 1024;
  } catch {
    // The process ended between two readings; its exit is reported elsewhere.
    return null;
  }
}
