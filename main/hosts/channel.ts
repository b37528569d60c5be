import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { RuntimeMessage } from '../contract/host.ts';
import { LineReader } from './lines.ts';

/**
 * Messages to and from a plugin's process. What comes from it is untrusted and not yet checked.
 */
export interface HostChannel {
  /** Calls `onFailure` when the process can no longer be reached; its exit follows. */
  send(message: RuntimeMessage, onFailure: (error: Error) => void): void;
  onMessage(listener: (message: unknown) => void): void;
  /** The process has broken a limit of the channel, for this reason: nothing more is read from it. */
  onBroken(listener: (reason: string) => void): void;
}

/** A process that was just started, and the channel to it. */
export interface LaunchedHost {
  readonly child: ChildProcess;
  readonly channel: HostChannel;
}

/** The longest line is a result of 5 MiB, whose characters may take several as escapes. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
/** What may wait for a process that asks and doesn't read its answers. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
/** After this long with one process's messages, everything else in the runtime gets its turn. */
const TURN_MS = 10;
const MEGABYTE = 1024 * 1024;

/**
 * JSON messages, one per line, over two one-way pipes: `down` to the process, `up` from it.
 *
 * Threat model: the bytes of `up` are the plugin's, which may write there whatever it likes. Nothing of it
 * throws here. A line that isn't a message is dropped, one that has no end breaks the channel, and one that
 * would only take long to parse isn't parsed.
 */
export function lineChannel(down: Writable, up: Readable): HostChannel {
  let listener: (message: unknown) => void = () => undefined;
  let onBroken: (reason: string) => void = () => undefined;
  let report: (error: Error) => void = () => undefined;
  const lines = new LineReader({
    maxBytes: MAX_LINE_BYTES,
    onLine: (line) => {
      const message = parseMessage(line);
      if (message !== undefined) listener(message);
    },
    onTooLong: () => {
      up.destroy();
      onBroken(
        `it wrote over ${MAX_LINE_BYTES / MEGABYTE} MB without a line end to its channel to the runtime`,
      );
    },
  });
  up.on('data', (chunk: Buffer) => {
    const startedAt = performance.now();
    lines.add(chunk);
    if (performance.now() - startedAt < TURN_MS) return;
    up.pause();
    setImmediate(() => up.resume());
  });
  // The process is gone, or never started: its exit says so.
  for (const pipe of [down, up]) pipe.on('error', (error) => report(error));
  return {
    send: (message, onFailure) => {
      report = onFailure;
      if (!down.writable) return;
      // Calls are bounded by whoever makes them; these answer what the process itself asks for.
      const isAnswer = message.type === 'reply' || message.type === 'deliver';
      if (isAnswer && down.writableLength > MAX_WAITING_BYTES)
        onBroken(`over ${MAX_WAITING_BYTES / MEGABYTE} MB of answers wait for it, which it does not read`);
      else down.write(`${JSON.stringify(message)}\n`);
    },
    onMessage: (next) => {
      listener = next;
    },
    onBroken: (next) => {
      onBroken = next;
    },
  };
}

/** Undefined for what no host of ours writes: it is dropped. */
function parseMessage(line: Buffer): unknown {
  if (line[0] !== OPENING_BRACE || !isMostlyText(line)) return undefined;
  try {
    return JSON.parse(line.toString('utf8')) as unknown;
  } catch {
    // Garbage, perhaps of some library that found the descriptor; like every unknown message it is dropped.
    return undefined;
  }
}

const OPENING_BRACE = 0x7b;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Shorter lines are parsed in no time, whatever they hold. */
const SHORT_LINE_BYTES = 4 * 1024;

/**
 * Whether a long line has as little outside of its strings as every message of ours: a list of paths has the
 * most. 16 MB of nested lists would keep the parser busy for seconds, and fill hundreds of megabytes.
 */
function isMostlyText(line: Buffer): boolean {
  if (line.length <= SHORT_LINE_BYTES) return true;
  let outside = SHORT_LINE_BYTES + line.length / 8;
  let inString = false;
  for (let at = 0; at < line.length && outside > 0; at += 1) {
    const byte = line[at];
    if (inString && byte === BACKSLASH) at += 1;
    else if (byte === QUOTE) inString = !inString;
    else if (!inString) outside -= 1;
  }
  return outside > 0;
}
