import { Binary, type Document } from 'bson';
import { failure } from './errors.ts';
import type { Session, SessionCommand } from './session.ts';

/** The commands by which a driver logs in: SCRAM-SHA-256, in two or three of them. */

/** The only way in; drivers ask which there are. */
export const MECHANISM = 'SCRAM-SHA-256';
/** Where users are, as an address says with `authSource`. */
export const USERS_DATABASE = 'admin';

/** A connection has one login at a time. */
const CONVERSATION = 1;

export const startLogin: SessionCommand = (body, session, { scram }) => {
  session.exchange = null;
  if (body.mechanism !== MECHANISM) {
    const message = `Only ${MECHANISM} is enabled`;
    return failure('MechanismUnavailable', message);
  }
  const started = body.$db === USERS_DATABASE ? scram.start(textOf(body.payload)) : null;
  if (started === null) return failed();
  const skipsEmpty = Object(body.options).skipEmptyExchange === true;
  session.exchange = { scram: started, skipsEmpty, isProven: false };
  return step(started.serverFirst, false);
};

export const continueLogin: SessionCommand = (body, session) => {
  const { exchange } = session;
  if (exchange === null || body.conversationId !== CONVERSATION) {
    return failure('ProtocolError', 'No SASL session state found');
  }
  if (exchange.isProven) return finish(session, '');
  const serverFinal = exchange.scram.finish(textOf(body.payload));
  if (serverFinal === null) {
    session.exchange = null;
    return failed();
  }
  exchange.isProven = true;
  return exchange.skipsEmpty ? finish(session, serverFinal) : step(serverFinal, false);
};

function finish(session: Session, payload: string): Document {
  session.exchange = null;
  session.isLoggedIn = true;
  return step(payload, true);
}

function step(payload: string, done: boolean): Document {
  return { conversationId: CONVERSATION, done, payload: new Binary(Buffer.from(payload)), ok: 1 };
}

function failed(): Document {
  return failure('AuthenticationFailed', 'Authentication failed.');
}

/** Drivers send bytes; some of old send base64, which no client of this server does. */
function textOf(payload: unknown): string {
  return payload instanceof Binary ? Buffer.from(payload.buffer).toString('utf8') : '';
}
