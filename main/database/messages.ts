/** What the runtime and the process that holds the local database tell each other over Node's own channel. */

export type ToDatabaseProcess =
  /** The first message: where the data is, and who may log in. */
  | { readonly type: 'open'; readonly folder: string; readonly user: string; readonly password: string }
  /** With a socket; answered with `taken`. */
  | { readonly type: 'connection'; readonly id: number }
  /** Write what is left, and end. */
  | { readonly type: 'stop' };

export type FromDatabaseProcess =
  /** The connection is this process's from now on. */
  | { readonly type: 'taken'; readonly id: number }
  /** The data can't be used, for a reason that a person can read; the process ends. */
  | { readonly type: 'failed'; readonly reason: string }
  /** Something for the runtime's log. */
  | {
      readonly type: 'log';
      readonly level: 'info' | 'warn';
      readonly message: string;
      readonly fields?: Readonly<Record<string, unknown>> | undefined;
    }
  | { readonly type: 'error'; readonly message: string; readonly stack?: string | undefined };
