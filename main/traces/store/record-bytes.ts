/** Bytes taken from the system at once. */
const SLAB_BYTES = 1024 * 1024;
/** UTF-8 takes no more for one unit of a text. */
const MAX_UNIT_BYTES = 3;

/**
 * Writes texts as UTF-8 one behind the other into large pieces of memory: asking for a piece of its own for each of thousands of
 * records a second costs more than writing it. A piece is given back when the last record in it has gone, and the oldest go first.
 */
export function createRecordBytes(): (text: string) => Buffer {
  let slab = Buffer.alloc(0);
  let used = 0;
  return (text) => {
    const most = text.length * MAX_UNIT_BYTES;
    if (most > SLAB_BYTES / 8) return Buffer.from(text);
    if (used + most > slab.length) {
      slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
      used = 0;
    }
    const start = used;
    used += slab.write(text, start);
    return slab.subarray(start, used);
  };
}
