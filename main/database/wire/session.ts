import type { Document } from 'bson';
import type { ScramExchange, ScramServer } from './scram.ts';

/** One connection, as far as its client has shown who it is. */
export interface Session {
  readonly connection: number;
  isLoggedIn: boolean;
  /** A login that has begun. */
  exchange: LoginExchange | null;
}

interface LoginExchange {
  readonly scram: ScramExchange;
  /** The client ends with the server's proof, and not with an empty message of its own. */
  readonly skipsEmpty: boolean;
  isProven: boolean;
}

/** Who may log in. */
export interface Account {
  readonly user: string;
  readonly scram: ScramServer;
}

/** A command that needs no data: the answer to its document. */
export type SessionCommand = (body: Document, session: Session, account: Account) => Document;
