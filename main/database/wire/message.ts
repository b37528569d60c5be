/**
 * MongoDB's wire protocol, as far as drivers of today use it: a request is an OP_MSG, or, for the very first one of
 * a connection, an OP_QUERY. All numbers are little-endian. Whatever is not exactly that is refused as a whole: its
 * sender is no driver, so its connection has nothing more to say.
 */

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;

export const HEADER_BYTES = 16;
/** An empty document: its length and a zero. */
const LEAST_DOCUMENT_BYTES = 5;

const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
/** Flags below this one may not be ignored. */
const OPTIONAL_FLAGS = 0xffff_0000;
const CHECKSUM_BYTES = 4;

export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

export interface WireRequest {
  readonly id: number;
  /** What it was asked by, and so is answered by: OP_QUERY for `<database>.$cmd`, or OP_MSG. */
  readonly by: { readonly query: string } | 'msg';
  /** The command: one document. */
  readonly body: Buffer;
  /** Documents that were sent beside it, by the field of the command that they belong to. */
  readonly sequences: ReadonlyMap<string, readonly Buffer[]>;
  /** False where the client goes on without waiting, as for writes that nobody acknowledges. */
  readonly wantsReply: boolean;
}

/**
 * `bytes`: one whole message, as long as it says.
 * @throws {MalformedMessage}
 */
export function parseRequest(bytes: Buffer): WireRequest {
  const id = bytes.readInt32LE(4);
  const code = bytes.readInt32LE(12);
  if (code === OP_MSG) return parseMsg(id, bytes);
  if (code === OP_QUERY) return parseQuery(id, bytes);
  throw new MalformedMessage(`operation ${code}`);
}

/** `document`: the raw answer. */
export function formatReply(request: WireRequest, id: number, document: Uint8Array): Buffer {
  const isMsg = request.by === 'msg';
  const head = Buffer.alloc(HEADER_BYTES + (isMsg ? 5 : 20));
  head.writeInt32LE(head.length + document.length, 0);
  head.writeInt32LE(id, 4);
  head.writeInt32LE(request.id, 8);
  head.writeInt32LE(isMsg ? OP_MSG : OP_REPLY, 12);
  // Of OP_MSG no flag, and one section of kind 0: all zero. Of OP_REPLY no cursor, and one document from the first on.
  if (!isMsg) {
    head.writeInt32LE(AWAIT_CAPABLE, HEADER_BYTES);
    head.writeInt32LE(1, HEADER_BYTES + 16);
  }
  return Buffer.concat([head, document]);
}

/** The only flag of OP_REPLY that is set in every one. */
const AWAIT_CAPABLE = 8;

function parseMsg(id: number, bytes: Buffer): WireRequest {
  if (bytes.length < HEADER_BYTES + 4) throw new MalformedMessage('no flags');
  const flags = bytes.readUInt32LE(HEADER_BYTES);
  if ((flags & ~(CHECKSUM_PRESENT | MORE_TO_COME) & ~OPTIONAL_FLAGS) !== 0) {
    throw new MalformedMessage(`flags ${flags.toString(16)}`);
  }
  // The checksum is passed over: nothing between a program and another one of its machine damages bytes.
  const end = bytes.length - ((flags & CHECKSUM_PRESENT) === 0 ? 0 : CHECKSUM_BYTES);
  const sequences = new Map<string, readonly Buffer[]>();
  let body: Buffer | null = null;
  let at = HEADER_BYTES + 4;
  while (at < end) {
    const kind = bytes[at];
    at += 1;
    if (kind === 0 && body === null) {
      body = documentAt(bytes, at, end);
      at += body.length;
    } else if (kind === 1) {
      const { name, documents, next } = sequenceAt(bytes, at, end);
      if (sequences.has(name)) throw new MalformedMessage(`'${name}' twice`);
      sequences.set(name, documents);
      at = next;
    } else throw new MalformedMessage(`a section of kind ${kind}`);
  }
  if (body === null) throw new MalformedMessage('no command');
  return { id, by: 'msg', body, sequences, wantsReply: (flags & MORE_TO_COME) === 0 };
}

function sequenceAt(bytes: Buffer, at: number, limit: number) {
  const size = at + 4 <= limit ? bytes.readInt32LE(at) : 0;
  const end = at + size;
  const nameEnd = bytes.indexOf(0, at + 4);
  if (end > limit || nameEnd === -1 || nameEnd >= end) throw new MalformedMessage('a sequence of documents');
  const documents: Buffer[] = [];
  let next = nameEnd + 1;
  while (next < end) {
    const document = documentAt(bytes, next, end);
    documents.push(document);
    next += document.length;
  }
  return { name: bytes.toString('utf8', at + 4, nameEnd), documents, next };
}

function parseQuery(id: number, bytes: Buffer): WireRequest {
  const start = HEADER_BYTES + 4;
  const nameEnd = bytes.indexOf(0, start);
  // Behind the name two numbers: how many to pass over, and how many to return.
  const at = nameEnd + 1 + 8;
  if (nameEnd === -1) throw new MalformedMessage('no collection');
  const body = documentAt(bytes, at, bytes.length);
  const query = bytes.toString('utf8', start, nameEnd);
  return { id, by: { query }, body, sequences: new Map(), wantsReply: true };
}

/** The document that begins there, within `limit`; only its frame is looked at. */
function documentAt(bytes: Buffer, at: number, limit: number): Buffer {
  const size = at + LEAST_DOCUMENT_BYTES <= limit ? bytes.readInt32LE(at) : 0;
  const end = at + size;
  if (size < LEAST_DOCUMENT_BYTES || end > limit || bytes[end - 1] !== 0) {
    throw new MalformedMessage('a document');
  }
  return bytes.subarray(at, end);
}
