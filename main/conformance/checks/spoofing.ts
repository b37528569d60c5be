import type { Observed } from '../run/exchange.ts';
import { type CheckContext, NO_CALLER } from '../target/target.ts';
import { formatAnswer } from './answers.ts';
import { type ClauseCheck, type ClausesOf, differs, failed, passed } from './check.ts';
import { REPORT } from './common-requests.ts';
import { sha256 } from './identity.ts';
import { findReport, type Report } from './probe-report.ts';
import { all, bearer, canCall, fresh, probeCall, probeExecution } from './requests.ts';

/** Whether a client's body can set what only the runtime may set (CONTRACT.md §4), one clause per key. */

/** Sent in every forged body; must never reach the plugin. */
const CLAIM = 'claimed-by-the-client';
const NO_ANSWER = 'The answer is not the probe’s report';

function has(value: unknown, claim = CLAIM): boolean {
  return (JSON.stringify(value) ?? '').includes(claim);
}

/** Calls with this body: as the user, and without a token where that is allowed. */
function calls(context: CheckContext, body: string) {
  if (!canCall(context)) return { skip: NO_CALLER };
  const asUser = context.tokens.user === undefined ? [] : [bearer(context)];
  const anonymous = context.anonymousAllowed ? [{}] : [];
  return all(...[...asUser, ...anonymous].map((headers) => probeExecution(context, body, headers)));
}

/** The probe must not have received the value that a body claims for `key`. */
function claims(key: string, reached: (report: Report) => boolean): ClauseCheck {
  return {
    variant: 'probe',
    send: (context) => calls(context, JSON.stringify({ ...REPORT, [key]: CLAIM })),
    evaluate(answers) {
      const reports = answers.map(findReport);
      const observed = answers.map(formatAnswer).join('; ');
      // Whether a call without a token works at all, identity.anonymous checks.
      if (reports[0] === null) return failed(observed, NO_ANSWER);
      return reports.some((report) => report !== null && reached(report))
        ? failed(observed, `The plugin received the ${key} of the body`)
        : passed(observed, `The body’s ${key} did not reach the plugin`);
    },
  };
}

/** Whether the caller became a superadmin who is not one in the plain call. */
function isRaised(plain: Observed | undefined, report: Report): boolean {
  return report.context.is_superadmin === true && findReport(plain)?.context.is_superadmin !== true;
}

const CONTEXT_CLAIM = { claim: CLAIM, user_id: CLAIM, roles: [CLAIM], is_superadmin: true };

const CONTEXT: ClauseCheck = {
  variant: 'probe',
  send: (context) => all(probeCall(context, REPORT), probeCall(context, REPORT, { _context: CONTEXT_CLAIM })),
  evaluate([plain, answer]) {
    const report = findReport(answer);
    if (report === null) return failed(formatAnswer(answer), NO_ANSWER);
    const isReached = has(report.received) || isRaised(plain, report);
    return isReached
      ? failed(formatAnswer(answer), 'The plugin received keys of the body’s _context')
      : passed(formatAnswer(answer), 'The body’s _context did not reach the plugin');
  },
};

const ENTITLEMENTS: ClauseCheck = {
  variant: 'probe',
  send: (context) =>
    all(probeCall(context, REPORT, { _entitlements: { tier: CLAIM, features: { [CLAIM]: true } } })),
  evaluate([answer]) {
    const report = findReport(answer);
    if (report === null) return failed(formatAnswer(answer), NO_ANSWER);
    return has(report.received)
      ? failed(formatAnswer(answer), 'The plugin received the body’s _entitlements')
      : passed(formatAnswer(answer), 'The body’s _entitlements did not reach the plugin');
  },
};

/** Written as a string: in an object literal `__proto__` would not become a key. */
const PROTOTYPE_BODY = `{"action":"report","__proto__":{"is_superadmin":true,"polluted":"${CLAIM}","_context":{"polluted":"${CLAIM}"}},"constructor":{"prototype":{"polluted":"${CLAIM}"}}}`;

const PROTOTYPE: ClauseCheck = {
  variant: 'probe',
  send: (context) =>
    canCall(context)
      ? all(
          probeCall(context, REPORT),
          fresh(probeExecution(context, PROTOTYPE_BODY, bearer(context))),
          fresh(probeCall(context, REPORT)),
        )
      : { skip: NO_CALLER },
  evaluate([plain, answer, next]) {
    const observed = `${formatAnswer(answer)}; then ${formatAnswer(next)}`;
    const [report, after] = [findReport(answer), findReport(next)];
    if (after === null) return failed(observed, `The next call: ${NO_ANSWER}`);
    if (has(after.received) || isRaised(plain, after)) return failed(observed, 'The next call is polluted');
    if (answer !== undefined && answer.status >= 400 && answer.status < 500) {
      return differs(observed, 'The body is refused, which is safe too');
    }
    if (report === null) return failed(observed, NO_ANSWER);
    return has(report.context) || isRaised(plain, report)
      ? failed(observed, 'Keys of __proto__ reached _context')
      : passed(observed, 'It reached neither _context nor the next call');
  },
};

export const SPOOF_CLAUSES: ClausesOf<'spoof'> = {
  'spoof.user-id': claims('user_id', ({ received }) => has(received)),
  'spoof.app-id': claims('app_id', ({ received }) => has(received)),
  'spoof.user-jwt': claims('user_jwt', ({ tokenHash }) => tokenHash === sha256(CLAIM)),
  'spoof.entitlements': ENTITLEMENTS,
  'spoof.context': CONTEXT,
  'spoof.prototype': PROTOTYPE,
};
