import { createHash } from 'node:crypto';
import { ROUTES } from '../../contract/http.ts';
import type { CheckContext, TokenKind } from '../target/target.ts';
import { formatAnswer } from './answers.ts';
import { type ClauseCheck, type ClausesOf, failed, passed } from './check.ts';
import { REPORT } from './common-requests.ts';
import { findReport, formatValue, missingReport } from './probe-report.ts';
import { all, authorization, get, probeCall, probeExecution } from './requests.ts';

/** Which caller the runtime identifies, and which it refuses (CONTRACT.md §3, §4). */

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const NO_USER = 'no token of a known user is available for this target';

/** The probe's report to a call with the user's token. */
function asUser(evaluate: ClauseCheck['evaluate']): ClauseCheck {
  return {
    variant: 'probe',
    send: (context) =>
      context.tokens.user === undefined || context.caller === null
        ? { skip: NO_USER }
        : all(probeCall(context, REPORT)),
    evaluate,
  };
}

const USER = asUser(([answer], { caller }) => {
  const report = findReport(answer);
  if (report === null) return missingReport(answer);
  const { user_id: userId } = report.received;
  const observed = `user_id: ${formatValue(userId)}`;
  if (userId === caller?.userId) return passed(observed, 'user_id matches the token');
  return failed(
    observed,
    `user_id is ${formatValue(userId)}, the token names ${formatValue(caller?.userId)}`,
  );
});

const USER_JWT = asUser(([answer], { tokens }) => {
  const report = findReport(answer);
  if (report === null) return missingReport(answer);
  const { tokenHash } = report;
  const observed = `SHA-256 of user_jwt: ${tokenHash ?? 'none, no user_jwt received'}`;
  if (typeof tokenHash !== 'string') return failed(observed, 'The plugin received no user_jwt');
  return tokenHash === sha256(tokens.user ?? '')
    ? passed(observed, 'user_jwt is the token that was sent')
    : failed(observed, 'user_jwt is not the token that was sent');
});

const ANONYMOUS: ClauseCheck = {
  variant: 'probe',
  send: (context) => all(probeExecution(context, JSON.stringify(REPORT), {})),
  evaluate([answer], { mode, anonymousAllowed }) {
    const observed = formatAnswer(answer);
    if (answer?.status === 401) {
      return anonymousAllowed
        ? failed(observed, 'A call without a token is refused, although the list of plugins needs no token')
        : passed(observed, 'A token is mandatory');
    }
    const report = findReport(answer);
    if (report === null) return failed(observed, 'The answer is neither the probe’s report nor 401');
    if (mode === 'external') return failed(observed, 'External mode makes a token mandatory');
    return report.tokenHash === null
      ? passed(observed, 'A development identity, without user_jwt')
      : failed(observed, 'The plugin received a user_jwt, but none was sent');
  },
};

/** Requests the list of plugins with a token that must be refused. */
function refused(kind: TokenKind): ClauseCheck {
  return {
    send: ({ tokens }) => {
      const token = tokens[kind];
      return token === undefined
        ? { skip: `no such token can be created for this target (${kind})` }
        : [get(ROUTES.plugins, authorization(token))];
    },
    evaluate: ([answer]) =>
      answer?.status === 401
        ? passed(formatAnswer(answer), 'The token is refused')
        : failed(formatAnswer(answer), `The answer is ${answer?.status}, not 401`),
  };
}

const AUDIENCE: ClauseCheck = {
  send(context) {
    if (context.mode === null)
      return { skip: 'whether the target runs in local or external mode is unknown' };
    return refused('wrong-audience').send(context);
  },
  evaluate([answer], { mode }) {
    const status = expectedStatus(mode);
    return answer?.status === status
      ? passed(
          formatAnswer(answer),
          status === 401 ? 'The token is refused' : 'Local mode does not check the audience',
        )
      : failed(formatAnswer(answer), `The answer is ${answer?.status}, not ${status} as in ${mode} mode`);
  },
};

function expectedStatus(mode: CheckContext['mode']): number {
  return mode === 'external' ? 401 : 200;
}

export const IDENTITY_CLAUSES: ClausesOf<'identity'> = {
  'identity.user': USER,
  'identity.user-jwt': USER_JWT,
  'identity.anonymous': ANONYMOUS,
  'identity.tampered': refused('tampered'),
  'identity.alg-none': refused('alg-none'),
  'identity.expired': refused('expired'),
  'identity.no-expiry': refused('no-expiry'),
  'identity.no-subject': refused('no-subject'),
  'identity.audience': AUDIENCE,
};
