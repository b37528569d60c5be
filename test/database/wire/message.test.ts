import { serialize } from 'bson';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readMessages } from '../../../main/database/wire/frames.ts';
import { MalformedMessage, parseRequest } from '../../../main/database/wire/message.ts';
import { formatMsg, formatQuery, formatSequence } from './raw-client.ts';

const VALID = [
  formatMsg({ ping: 1, $db: 'x' }),
  formatMsg(
    { insert: 'c', $db: 'x' },
    { sections: [formatSequence('documents', [{ a: 1 }, { b: 'text' }])] },
  ),
  formatQuery('admin.$cmd', { isMaster: 1 }),
];

/** A message with some of its bytes replaced, as long as it says. */
const damaged = fc
  .tuple(
    fc.constantFrom(...VALID),
    fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 8 }),
  )
  .map(([valid, changes]) => {
    const bytes = Buffer.from(valid);
    for (const [at, value] of changes) bytes[4 + (at % (bytes.length - 4))] = value;
    return bytes;
  });

it('L3: whatever bytes come, a request or a malformed message, within them', () => {
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array({ minLength: 16 }).map(Buffer.from)), (bytes) => {
      try {
        const { body, sequences } = parseRequest(Buffer.from(bytes));
        const documents = [body, ...[...sequences.values()].flat()];
        expect(documents.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(bytes.length);
        for (const document of documents) expect(document.readInt32LE(0)).toBe(document.length);
      } catch (error) {
        if (!(error instanceof MalformedMessage)) throw error;
      }
    }),
  );
});

it('messages come out as they went in, however they were cut', async () => {
  const whole = Buffer.concat([
    ...VALID,
    formatMsg({ find: 'c', $db: 'x', filter: { text: 'x'.repeat(300) } }),
  ]);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), async (cuts) => {
      async function* pieces() {
        for (let at = 0, n = 0; at < whole.length; n += 1) {
          const size = cuts[n % cuts.length] ?? 1;
          yield whole.subarray(at, at + size);
          at += size;
        }
      }
      const found: Buffer[] = [];
      for await (const message of readMessages(pieces(), () => 10_000)) found.push(Buffer.from(message));
      expect(Buffer.concat(found).equals(whole)).toBe(true);
      expect(found).toHaveLength(4);
    }),
  );
});

it('of a message beyond the limit nothing is waited for', async () => {
  async function* endless() {
    yield Buffer.from(serialize({ a: 1 })).fill(0x7f, 0, 4);
    throw new Error('it was read on');
  }
  await expect(readMessages(endless(), () => 64).next()).rejects.toBeInstanceOf(MalformedMessage);
});
