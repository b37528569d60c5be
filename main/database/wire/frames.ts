import { HEADER_BYTES, MalformedMessage } from './message.ts';

/**
 * Cuts a stream into messages. Of one that announces more than `limit` bytes nothing is read any further, so a
 * connection never holds more than one message, and what came with it. It reads on only when the one before is
 * dealt with.
 * @throws {MalformedMessage} from the iteration: HTTP, for one, begins with what would be a length of 500 MB
 */
export async function* readMessages(
  stream: AsyncIterable<Buffer>,
  limit: () => number,
): AsyncGenerator<Buffer, void, void> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    held.push(chunk);
    size += chunk.length;
    for (
      let length = nextLength(held, size, limit());
      length <= size;
      length = nextLength(held, size, limit())
    ) {
      const whole = joined(held);
      yield whole.subarray(0, length);
      held = length === size ? [] : [whole.subarray(length)];
      size -= length;
    }
  }
}

/** How long the message is that has begun; more than is there when that is not known yet. */
function nextLength(held: Buffer[], size: number, limit: number): number {
  if (size < 4) return Number.POSITIVE_INFINITY;
  if ((held[0] as Buffer).length < 4) held.splice(0, held.length, joined(held));
  const length = (held[0] as Buffer).readInt32LE(0);
  if (length < HEADER_BYTES || length > limit) throw new MalformedMessage(`${length} bytes`);
  return length;
}

function joined(parts: readonly Buffer[]): Buffer {
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
}
