import type { Json } from '../contract/http.ts';
import { SOCKET_LIMITS, type SocketCause, type SocketEnd, type SocketMessage } from '../contract/sockets.ts';
import { maskJsonText } from '../traces/record/body.ts';
import type { Redactor } from '../traces/record/redact.ts';

/** A message as it went out. */
export interface SentMessage {
  readonly user: string | null;
  /** JSON. */
  readonly text: string;
  readonly cause: SocketCause;
  /** The ids of the connections that got it. */
  readonly connections: readonly number[];
}

/** Longest path of a refused connection that is shown. */
const MAX_PATH = 200;

/** What was sent, and which connections were refused or have ended: the newest, masked, in memory alone. */
export class SocketHistory {
  readonly #redactor: Redactor;
  #messages: SocketMessage[] = [];
  #ends: SocketEnd[] = [];
  #nextSeq = 1;

  constructor(redactor: Redactor) {
    this.#redactor = redactor;
  }

  add({ user, text, cause, connections }: SentMessage): SocketMessage {
    const message = {
      seq: this.#nextSeq++,
      at: Date.now(),
      user,
      ...this.show(text),
      bytes: Buffer.byteLength(text),
      delivered: connections.length,
      connections: connections.slice(0, SOCKET_LIMITS.namedConnections),
      cause,
    };
    keepNewest(this.#messages, message, SOCKET_LIMITS.messages);
    return message;
  }

  end(end: Omit<SocketEnd, 'seq' | 'at'>): void {
    const { text } = this.#redactor;
    const shown = {
      ...end,
      path: text(end.path).slice(0, MAX_PATH),
      reason: text(end.reason),
      detail: end.detail === null ? null : text(end.detail),
    };
    keepNewest(this.#ends, { seq: this.#nextSeq++, at: Date.now(), ...shown }, SOCKET_LIMITS.ends);
  }

  /** A message as it may be shown, numbers as they were written: masked by key and by value before it is cut. */
  show(text: string): Pick<SocketMessage, 'type' | 'text'> {
    const value = parse(text);
    const { shownLength } = SOCKET_LIMITS;
    const { text: maskText } = this.#redactor;
    const masked = value === undefined ? maskText(text) : maskJsonText(text, this.#redactor, shownLength);
    return { type: maskText(typeOf(value)), text: masked.slice(0, shownLength) };
  }

  get messages(): readonly SocketMessage[] {
    return this.#messages;
  }

  /** The newest first. */
  get ends(): readonly SocketEnd[] {
    return this.#ends.toReversed();
  }

  clear(): void {
    this.#messages = [];
    this.#ends = [];
  }
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    // Python writes NaN, which is no JSON: it is shown as text.
    return undefined;
  }
}

const MAX_TYPE = 100;

function typeOf(value: Json | undefined): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return '';
  const words = [value.type, value.subtype].filter((word) => typeof word === 'string');
  return words.join(' · ').slice(0, MAX_TYPE);
}

function keepNewest<T>(list: T[], item: T, most: number): void {
  list.push(item);
  if (list.length > most) list.shift();
}
