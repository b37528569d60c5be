import type { PersonaId } from './run.ts';

/** Who is connected for notifications, and what was sent to them (CONTRACT.md §9). */

/** Why a connection that was accepted is closed at once; what its client is told. */
export const SOCKET_REFUSALS = {
  unauthenticated: { code: 4001, reason: 'Authentication required' },
  otherUser: { code: 4003, reason: 'User ID mismatch' },
} as const;

/** How a client hands its token over: the two subprotocols, the query, or not at all. */
const TOKEN_WAYS = ['access_token', 'mozaiks', 'query', 'none'] as const;
export type TokenWay = (typeof TOKEN_WAYS)[number];

export const SOCKET_LIMITS = {
  /** Messages, and ends of connections, that are remembered. */
  messages: 500,
  ends: 100,
  /** Of a message as it is remembered, in characters. */
  shownLength: 4 * 1024,
  /** Connections that a message names. */
  namedConnections: 50,
} as const;

/** An open connection. */
export interface SocketConnection {
  readonly id: number;
  readonly user: string;
  /** Milliseconds since the Unix epoch. */
  readonly since: number;
  /** Of the client, with its port. */
  readonly address: string;
  readonly way: TokenWay;
  /** Sent to it. */
  readonly messages: number;
  readonly bytes: number;
  /** What it sent; nobody reads it. */
  readonly received: number;
  /** Opened from the screen Messages. */
  readonly isTest: boolean;
}

/** A connection that was refused, or has ended. */
export interface SocketEnd {
  readonly seq: number;
  readonly at: number;
  readonly kind: 'refused' | 'ended';
  readonly address: string;
  /** As the client wrote it, tokens masked. */
  readonly path: string;
  /** Null where no token said who it was. */
  readonly user: string | null;
  /** The close code; of a refused request the HTTP status. */
  readonly code: number;
  /** What the client was told, or said. */
  readonly reason: string;
  /** For the developer: what exactly was wrong; null where the reason says it. */
  readonly detail: string | null;
  readonly remedy: string | null;
}

/** What made the runtime send a message. */
export type SocketCause =
  /** `trace` is null outside of any call. */
  | { readonly kind: 'plugin'; readonly plugin: string; readonly trace: string | null }
  /** A route that a client called, with its method. */
  | { readonly kind: 'route'; readonly route: string };

/** A message to one user's connections, or to all. */
export interface SocketMessage {
  readonly seq: number;
  readonly at: number;
  /** Null: to all users. */
  readonly user: string | null;
  /** Its `type` and `subtype`: `notification · new`; empty where it has none. */
  readonly type: string;
  /** The text that was sent: masked, and cut where it is longer than `SOCKET_LIMITS.shownLength`. */
  readonly text: string;
  /** Of the whole text in UTF-8. */
  readonly bytes: number;
  /** How many connections got it. */
  readonly delivered: number;
  /** Their ids; of many the first ones. */
  readonly connections: readonly number[];
  readonly cause: SocketCause;
}

/** What arrived at the connection that the screen Messages opened: seen by a client. */
export interface TestConnection {
  readonly persona: PersonaId;
  /** Null until it is known who it is. */
  readonly user: string | null;
  readonly openedAt: number;
  readonly state: 'connecting' | 'open' | 'closed';
  /** The close code, or null and why there was no connection. */
  readonly closed: { readonly code: number | null; readonly reason: string } | null;
  /** The newest, at most 50. Masked and cut as messages are. */
  readonly arrived: readonly ArrivedMessage[];
}

export interface ArrivedMessage {
  /** 1, 2, 3, … */
  readonly number: number;
  readonly at: number;
  readonly text: string;
  readonly bytes: number;
}

/** All but the messages. */
export interface SocketState {
  /** Those that are open, the oldest first. */
  readonly connections: readonly SocketConnection[];
  /** The newest first. */
  readonly ends: readonly SocketEnd[];
  readonly test: TestConnection | null;
}

export interface SocketsView extends SocketState {
  /** The newest last, at most `SOCKET_LIMITS.messages`. */
  readonly messages: readonly SocketMessage[];
}

/** What a UI may ask about WebSockets. */
export interface SocketFunctions {
  sockets: { argument: null; answer: SocketsView };
  /** What a trace's call has sent, after its end too, as far as it is remembered. */
  socketsOfTrace: { argument: { trace: string }; answer: readonly SocketMessage[] };
  /** Opens a connection as a persona, in place of the last one; how it went is in `TestConnection`. */
  connectSocket: { argument: { persona: PersonaId; token?: string }; answer: null };
  /** NOT_FOUND when it is no longer open. */
  closeSocket: { argument: { id: number }; answer: null };
  /** Forgets messages and ends. */
  clearSockets: { argument: null; answer: null };
}

/** "2 connections of user_123", "1 connection". */
export function describeReceivers(delivered: number, user: string | null): string {
  const many = delivered === 1 ? '1 connection' : `${delivered} connections`;
  return user === null ? many : `${many} of ${user}`;
}
