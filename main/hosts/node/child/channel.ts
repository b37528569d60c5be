import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import type { HostMessage, RuntimeMessage } from '../../../contract/host.ts';
import { hasErrorCode } from '../../../system/errors.ts';
import { LineReader } from '../../lines.ts';

/**
 * The pipes from and to the runtime. They are beside the standard streams, which are the null device here: what
 * native code or a child of the plugin prints can't get between the messages.
 */
const DOWN = 3;
const UP = 4;

export type Send = (message: HostMessage) => void;

/**
 * Hands each message of the runtime to the listener, and returns what sends one up. Sending waits until the
 * bytes are on their way, so that a line is seen even if the next statement never returns.
 */
export function openChannel(receive: (message: RuntimeMessage) => void): Send {
  const send: Send = (message) => {
    try {
      // The line end before it, too: a message survives what the plugin has written there.
      writeAll(Buffer.from(`\n${JSON.stringify(message)}\n`));
    } catch (error) {
      lose(error);
    }
  };
  const lines = new LineReader({
    onLine: (line) => receive(JSON.parse(line.toString('utf8')) as RuntimeMessage),
  });
  const pipe = new Socket({ fd: DOWN, readable: true, writable: false });
  pipe.on('data', (chunk: Buffer) => lines.add(chunk));
  pipe.on('end', endGroup);
  pipe.on('error', lose);
  return send;
}

function writeAll(bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(UP, bytes, written);
}

/** Either the plugin closed it, or the runtime is gone. */
function lose(error: unknown): void {
  if (!hasErrorCode(error, 'EBADF')) endGroup();
  writeSync(2, 'Error: it closed its channel to the runtime\n');
  process.exit(1);
}

/** Ends this process and what it started. */
function endGroup(): void {
  try {
    if (process.platform !== 'win32') process.kill(-process.pid, 'SIGKILL');
  } finally {
    process.exit(1);
  }
}
