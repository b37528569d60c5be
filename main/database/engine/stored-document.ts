import { decode } from './bson.ts';
import type { Document } from './values.ts';

/** A document of a collection: its bytes as they came, and read only once somebody asks for its values. */
export class StoredDocument {
  readonly raw: Uint8Array;
  /** Its place in the order of insertion. */
  readonly sequence: number;
  private decoded: Document | undefined;

  constructor(raw: Uint8Array, sequence: number) {
    this.raw = raw;
    this.sequence = sequence;
  }

  /** Not to be changed. */
  get document(): Document {
    this.decoded ??= decode(this.raw);
    return this.decoded;
  }
}
