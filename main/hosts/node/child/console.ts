import { format } from 'node:util';
import { type ConsoleLevel, HOST_LIMITS, type HostMessage } from '../../../contract/host.ts';
import { type CurrentCall, currentCall } from './current-call.ts';
import { describeThrown } from './result.ts';

/** How much one call (or all code outside calls) has written so far. */
interface Account {
  readonly id: number | null;
  lines: number;
  bytes: number;
  closed: boolean;
}

export interface CapturedConsole {
  /** Writes a line to the current call. */
  write(level: ConsoleLevel, values: readonly unknown[]): void;
}

/**
 * Replaces the console and the standard streams of this process. A line is sent as a message immediately, so
 * that it is seen even if the next statement never returns. Each call has its own line and byte limit, then
 * one marker.
 */
export function captureConsole(send: (message: HostMessage) => void): CapturedConsole {
  const accounts = new WeakMap<CurrentCall, Account>();
  const outside = newAccount(null);
  const accountOf = (call: CurrentCall): Account => {
    const account = accounts.get(call) ?? newAccount(call.id);
    accounts.set(call, account);
    return account;
  };

  const emit = (level: ConsoleLevel, text: () => string): void => {
    const call = currentCall.getStore();
    const account = call === undefined ? outside : accountOf(call);
    if (account.closed) return;
    for (const line of accepted(account, text())) {
      send({ type: 'console', id: account.id, level, text: line, at: Date.now() });
    }
  };
  const write = (level: ConsoleLevel, values: readonly unknown[]) =>
    emit(level, () => formatSafely(values).replace(/\n$/, ''));

  replaceConsole(write);
  replaceStream(process.stdout, 'log', emit);
  replaceStream(process.stderr, 'error', emit);
  return { write };
}

function newAccount(id: number | null): Account {
  return { id, lines: 0, bytes: 0, closed: false };
}

/** The part of `text` that still fits, and the marker when the rest doesn't. */
function accepted(account: Account, text: string): string[] {
  account.lines += 1;
  const left = HOST_LIMITS.consoleBytes - account.bytes;
  // UTF-8 never takes fewer bytes than UTF-16 has units, so a longer string needs no counting.
  const bytes = text.length > left ? text.length : Buffer.byteLength(text);
  account.bytes += bytes;
  if (bytes <= left && account.lines <= HOST_LIMITS.consoleLines) return [text];
  account.closed = true;
  const marker = `… output cut: the limit per call is ${HOST_LIMITS.consoleLines} lines or ${HOST_LIMITS.consoleBytes / 1024} KiB`;
  return account.lines > HOST_LIMITS.consoleLines
    ? [marker]
    : [`${text.slice(0, Math.floor(left / 4))}…`, marker];
}

function formatSafely(values: readonly unknown[]): string {
  try {
    return format(...values);
  } catch (error) {
    // A value whose inspection throws must not fail the plugin's call.
    return `[a value that can't be printed: ${describeThrown(error)}]`;
  }
}

function replaceConsole(write: (level: ConsoleLevel, values: readonly unknown[]) => void): void {
  for (const level of ['debug', 'log', 'info', 'warn', 'error'] as const) {
    console[level] = (...values: unknown[]) => write(level, values);
  }
}

type Emit = (level: ConsoleLevel, text: () => string) => void;

function replaceStream(stream: NodeJS.WriteStream, level: ConsoleLevel, emit: Emit): void {
  const write = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
    emit(level, () => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      return text.replace(/\n$/, '');
    });
    const callback = typeof encoding === 'function' ? encoding : done;
    if (typeof callback === 'function') process.nextTick(() => callback(null));
    return true;
  };
  stream.write = write as typeof stream.write;
}
