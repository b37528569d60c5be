import type { Document } from 'bson';
import { failure } from './errors.ts';
import { WIRE_LIMITS, WIRE_VERSION } from './limits.ts';
import { continueLogin, MECHANISM, startLogin, USERS_DATABASE } from './login.ts';
import type { SessionCommand } from './session.ts';

/**
 * What a server answers about itself and its connections, before any data is asked for. It says MongoDB 7.0, since
 * drivers decide by that what they may send; who looks further finds what it really is.
 */

const VERSION = [7, 0, 0, 0];
const PRODUCT = 'Mozaiks Workbench, a local database: not MongoDB';

const hello: SessionCommand = (body, { connection }) => {
  const answer: Document = {
    ['hello' in body ? 'isWritablePrimary' : 'ismaster']: true,
    helloOk: true,
    maxBsonObjectSize: WIRE_LIMITS.documentBytes,
    maxMessageSizeBytes: WIRE_LIMITS.messageBytes,
    maxWriteBatchSize: WIRE_LIMITS.batch,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    connectionId: connection,
    minWireVersion: 0,
    maxWireVersion: WIRE_VERSION,
    readOnly: false,
    ok: 1,
  };
  // Of any name, so that nobody learns which there are.
  if (body.saslSupportedMechs !== undefined) answer.saslSupportedMechs = [MECHANISM];
  return answer;
};

const buildInfo: SessionCommand = () => ({
  version: VERSION.slice(0, 3).join('.'),
  versionArray: VERSION,
  gitVersion: PRODUCT,
  modules: [],
  bits: 64,
  debug: false,
  maxBsonObjectSize: WIRE_LIMITS.documentBytes,
  storageEngines: [],
  ok: 1,
});

const succeed: SessionCommand = () => ({ ok: 1 });

/** Whoever connects may ask these. */
const BEFORE_LOGIN: Readonly<Record<string, SessionCommand>> = {
  hello,
  isMaster: hello,
  ismaster: hello,
  ping: succeed,
  buildInfo,
  buildinfo: buildInfo,
  saslStart: startLogin,
  saslContinue: continueLogin,
  endSessions: succeed,
};

const AFTER_LOGIN: Readonly<Record<string, SessionCommand>> = {
  connectionStatus: (_body, _session, { user }) => ({
    authInfo: {
      authenticatedUsers: [{ user, db: USERS_DATABASE }],
      authenticatedUserRoles: [{ role: 'root', db: USERS_DATABASE }],
    },
    ok: 1,
  }),
  getParameter: ({ getParameter, featureCompatibilityVersion }) =>
    getParameter === '*' || featureCompatibilityVersion !== undefined
      ? { featureCompatibilityVersion: { version: '7.0' }, ok: 1 }
      : failure('InvalidOptions', 'no option found to get'),
  getLog: ({ getLog }) => {
    if (getLog === '*') return { names: ['global', 'startupWarnings'], ok: 1 };
    // mongosh shows these when it connects.
    const log = getLog === 'startupWarnings' ? [logEntry(PRODUCT)] : [];
    return { totalLinesWritten: log.length, log, ok: 1 };
  },
  logout(_body, session) {
    session.isLoggedIn = false;
    return { ok: 1 };
  },
};

/** As MongoDB writes one since 4.4. */
function logEntry(text: string): string {
  const t = { $date: new Date().toISOString() };
  return JSON.stringify({ t, s: 'W', c: 'CONTROL', id: 1, ctx: 'initandlisten', msg: text });
}

/**
 * `own`: the command is answered here. `refused`: it needs a login. `data`: it is the engine's.
 */
export function placeOf(name: string, isLoggedIn: boolean): SessionCommand | 'refused' | 'data' {
  if (Object.hasOwn(BEFORE_LOGIN, name)) return BEFORE_LOGIN[name] ?? 'refused';
  if (!isLoggedIn) return 'refused';
  return Object.hasOwn(AFTER_LOGIN, name) ? (AFTER_LOGIN[name] ?? 'refused') : 'data';
}
