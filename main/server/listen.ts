import type Koa from 'koa';
import type { Config } from '../config.ts';

/** A server that listens; `close` gives back the port. */
export interface Listening {
  readonly host: string;
  readonly port: number;
  /** What the user should know about the port, e.g. that the default one was taken; null otherwise. */
  readonly notice: string | null;
  /** Stops accepting, then ends what is left. Bounded: two seconds at most. */
  close(): Promise<void>;
}

/** @throws {WorkbenchError} CONFLICT when an explicit port is taken, naming it and the remedy. */
export function listen(_app: Koa, _config: Config): Promise<Listening> {
  return Promise.reject(new Error('not written yet'));
}
