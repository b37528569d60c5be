import { randomInt } from 'node:crypto';
import { Long } from 'bson';
import { appendEncoded, encode, encodeArray } from './bson.ts';
import { DatabaseError } from './errors.ts';
import { makeDouble } from './numbers.ts';
import type { Document, Value } from './values.ts';

/** Results that are fetched in batches. A result is whole from the start: later changes don't show in it. */

interface Cursor {
  readonly namespace: string;
  readonly documents: readonly Uint8Array[];
  next: number;
  usedAt: number;
}

/** As MongoDB's, which also outlive the connection that opened them: a pool may use another. */
const IDLE_MS = 10 * 60_000;
const FIRST_BATCH = 101;
const MAX_BATCH_BYTES = 16 * 1024 * 1024;

export class Cursors {
  private readonly cursors = new Map<string, Cursor>();
  private readonly connections = new Set<number>();

  get openCount(): number {
    return this.cursors.size;
  }

  see(connection: number): void {
    this.connections.add(connection);
  }

  /** With the last connection all cursors go. */
  forget(connection: number): void {
    this.connections.delete(connection);
    if (this.connections.size === 0) this.cursors.clear();
  }

  /** The reply with a result's first batch. */
  open(
    namespace: string,
    documents: readonly Uint8Array[],
    batchSize: number | undefined,
    isSingleBatch = false,
  ): Uint8Array {
    this.dropIdle();
    const cursor: Cursor = { namespace, documents, next: 0, usedAt: Date.now() };
    const batch = takeBatch(cursor, batchSize ?? FIRST_BATCH);
    const isDone = isSingleBatch || cursor.next >= documents.length;
    const id = isDone ? Long.ZERO : this.createId();
    if (!isDone) this.cursors.set(id.toString(), cursor);
    return cursorReply(namespace, id, 'firstBatch', batch);
  }

  /** The reply with the next batch. @throws {DatabaseError} CursorNotFound */
  next(id: Long, namespace: string, batchSize: number | undefined): Uint8Array {
    this.dropIdle();
    const cursor = this.cursors.get(id.toString());
    if (cursor === undefined) throw new DatabaseError('CursorNotFound', `cursor id ${id} not found`);
    if (cursor.namespace !== namespace) {
      throw new DatabaseError(
        'Unauthorized',
        `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`,
      );
    }
    const batch = takeBatch(cursor, batchSize ?? Number.POSITIVE_INFINITY);
    cursor.usedAt = Date.now();
    const isDone = cursor.next >= cursor.documents.length;
    if (isDone) this.cursors.delete(id.toString());
    return cursorReply(namespace, isDone ? Long.ZERO : id, 'nextBatch', batch);
  }

  /** @returns whether there was one */
  kill(id: Long): boolean {
    return this.cursors.delete(id.toString());
  }

  private createId(): Long {
    return Long.fromBits(randomInt(2 ** 32), randomInt(1, 2 ** 31));
  }

  private dropIdle(): void {
    const limit = Date.now() - IDLE_MS;
    for (const [id, { usedAt }] of this.cursors) if (usedAt < limit) this.cursors.delete(id);
  }
}

/** As many as fit, but one at least. */
function takeBatch(cursor: Cursor, count: number): Uint8Array[] {
  const batch: Uint8Array[] = [];
  let bytes = 0;
  while (batch.length < count) {
    const document = cursor.documents[cursor.next];
    if (document === undefined) break;
    bytes += document.length;
    if (batch.length > 0 && bytes > MAX_BATCH_BYTES) break;
    batch.push(document);
    cursor.next++;
  }
  return batch;
}

function cursorReply(
  namespace: string,
  id: Long,
  name: 'firstBatch' | 'nextBatch',
  batch: readonly Uint8Array[],
): Uint8Array {
  const head: Document = new Map<string, Value>([
    ['id', id],
    ['ns', namespace],
  ]);
  const cursor = appendEncoded(encode(head), name, 4, encodeArray(batch));
  return appendEncoded(encode(new Map([['ok', makeDouble(1)]])), 'cursor', 3, cursor);
}
