import { decode } from './bson.ts';
import type { Document } from './values.ts';

/** A document of a collection: its bytes as they came, and read only once somebody asks for its values. */
export class StoredDocument {
  private bytes: Uint8Array;
  /** Its place in the order of insertion. */
  readonly sequence: number;
  private readonly decoded: DecodedDocuments;
  private values: Document | undefined;

  constructor(raw: Uint8Array, sequence: number, decoded: DecodedDocuments) {
    this.bytes = raw;
    this.sequence = sequence;
    this.decoded = decoded;
  }

  get raw(): Uint8Array {
    return this.bytes;
  }

  /** An update: it stays the same document, with other contents. */
  replaceWith(raw: Uint8Array): void {
    this.bytes = raw;
    this.values = undefined;
  }

  /** Not to be changed. */
  get document(): Document {
    if (this.values !== undefined) return this.values;
    const values = decode(this.bytes);
    this.values = values;
    this.decoded.add(this);
    return values;
  }

  forgetValues(): void {
    this.values = undefined;
  }
}

/** Values take several times the room of the bytes: so many bytes' are retained, those read last. */
const MAX_BYTES = 32 * 1024 * 1024;

export class DecodedDocuments {
  private queue: { readonly stored: StoredDocument; readonly bytes: number }[] = [];
  private first = 0;
  private bytes = 0;

  add(stored: StoredDocument): void {
    const { length } = stored.raw;
    this.queue.push({ stored, bytes: length });
    this.bytes += length;
    while (this.bytes > MAX_BYTES) {
      const oldest = this.queue[this.first++];
      if (oldest === undefined) break;
      oldest.stored.forgetValues();
      this.bytes -= oldest.bytes;
    }
    if (this.first > this.queue.length / 2) {
      this.queue = this.queue.slice(this.first);
      this.first = 0;
    }
  }
}
