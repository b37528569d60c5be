/**
 * What a plugin did during its run outside its own code: commands to a database, HTTP requests. They are children of
 * the trace's step `run`.
 */

/** Whether child spans are recorded; with `bodies` those of HTTP requests have their bodies. */
export const CHILD_SPAN_MODES = ['on', 'off', 'bodies'] as const;
export type ChildSpanMode = (typeof CHILD_SPAN_MODES)[number];

/**
 * The name of the global symbol by which the module of MongoDB's Node client, which is compiled into a plugin, hands
 * over its exports to the plugin's process.
 */
export const MONGO_CLIENT_HOOK = 'mozaiks.mongo-client';

interface ChildTimes {
  /** Milliseconds since the trace's start. */
  readonly startMs: number;
  readonly durationMs: number;
  /** Why it failed, masked; null where it did not. */
  readonly error: string | null;
}

/** A command that MongoDB's driver sent, with the commands that fetched the rest of its answer. */
export interface DatabaseCommand {
  readonly kind: 'database';
  /** As MongoDB names it: `find`. */
  readonly command: string;
  readonly database: string;
  readonly collection: string | null;
  /** The filter, pipeline or documents as relaxed Extended JSON, shortened inside; null where it has none. */
  readonly filter: string | null;
  /** Returned, inserted, modified or deleted; null where the answer doesn't say. */
  readonly documents: number | null;
}

/** A request that the plugin sent over HTTP. */
interface HttpRequest {
  readonly kind: 'http';
  readonly method: string;
  readonly url: string;
  /** Null when no answer came. */
  readonly status: number | null;
  /** Of the body; null where that is not known. */
  readonly requestBytes: number | null;
  readonly responseBytes: number | null;
  /** The call's `user_jwt` is in one of its headers. */
  readonly carriesUserJwt: boolean;
  /** The bodies' beginnings, only where they are asked for. */
  readonly requestBody?: string | undefined;
  readonly responseBody?: string | undefined;
}

export type ChildWork = DatabaseCommand | HttpRequest;
export type DatabaseSpan = DatabaseCommand & ChildTimes;
export type HttpSpan = HttpRequest & ChildTimes;
export type ChildSpan = DatabaseSpan | HttpSpan;
