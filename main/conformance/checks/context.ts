import { isDeepStrictEqual } from 'node:util';
import { ROUTES } from '../../contract/http.ts';
import type { TokenKind } from '../target/target.ts';
import { MIXED_ROLES, NAMELESS_USER } from '../target/tokens.ts';
import { evaluateTests, type Fields, formatAnswer, isString, parseBody } from './answers.ts';
import {
  type ClauseCheck,
  type ClausesOf,
  type ClauseVerdict,
  failed,
  inconclusive,
  passed,
} from './check.ts';
import { REPORT } from './common-requests.ts';
import { findReport, formatValue, missingReport, type Report } from './probe-report.ts';
import { all, authorization, get, probeCall, probeExecution } from './requests.ts';

/** `_context` as the probe received it (CONTRACT.md §3, §4). */

const isStringList = (value: unknown) => Array.isArray(value) && value.every(isString);

const KEYS = {
  app_id: { type: 'a string', is: isString },
  user_id: { type: 'a string', is: isString },
  username: { type: 'a string', is: isString },
  roles: { type: 'a list of strings', is: isStringList },
  is_superadmin: { type: 'true or false', is: (value: unknown) => typeof value === 'boolean' },
} as const;

/** Keys of `_context` with the wrong type: then clauses about their values can't be checked. */
function findUnusable(context: Fields, keys: readonly (keyof typeof KEYS)[]): ClauseVerdict | null {
  const bad = keys.filter((key) => !KEYS[key].is(context[key]));
  if (bad.length === 0) return null;
  return inconclusive(
    `_context: ${formatValue(context)}`,
    `${bad.join(' and ')} can't be read; see context.keys`,
  );
}

const HAS_KEYS: ClauseCheck = {
  variant: 'probe',
  send: (context) => all(probeCall(context, REPORT)),
  evaluate([answer]) {
    const report = findReport(answer);
    if (report === null) return missingReport(answer);
    const tests = Object.entries(KEYS).map(([key, { type, is }]) => [
      `${key} is ${type}`,
      is(report.context[key]),
    ]);
    return evaluateTests(`_context: ${formatValue(report.received._context)}`, Object.fromEntries(tests));
  },
};

const APP: ClauseCheck = {
  variant: 'probe',
  send: (context) => all(probeCall(context, REPORT), get(ROUTES.health)),
  evaluate([answer, health]) {
    const report = findReport(answer);
    if (report === null) return missingReport(answer);
    const bad = findUnusable(report.context, ['app_id']);
    if (bad !== null) return bad;
    const [outside, inside] = [report.received.app_id, report.context.app_id];
    const { app_id: named } = parseBody(health);
    return evaluateTests(
      `app_id: ${formatValue(outside)}, _context.app_id: ${formatValue(inside)}, /health: ${formatValue(named)}`,
      {
        'app_id is the same in the body and in _context': outside === inside,
        // Where /health names none, health.app reports that.
        'app_id is the one in /health': !isString(named) || inside === named,
      },
    );
  },
};

const PROFILE: ClauseCheck = {
  variant: 'probe',
  send: (context) =>
    context.caller === null
      ? { skip: 'no token of a known user is available for this target' }
      : all(probeCall(context, REPORT)),
  evaluate([answer], { caller }) {
    const report = findReport(answer);
    if (report === null) return missingReport(answer);
    const bad = findUnusable(report.context, ['username', 'roles']);
    if (bad !== null) return bad;
    const { username, roles } = report.context;
    return evaluateTests(`username: ${formatValue(username)}, roles: ${formatValue(roles)}`, {
      [`username is ${formatValue(caller?.username)}`]: username === caller?.username,
      [`roles are ${formatValue(caller?.roles)}`]: isDeepStrictEqual(roles, caller?.roles),
    });
  },
};

/** The probe's reports to calls with these tokens, none of which may be refused for what it claims. */
function withTokens(
  kinds: readonly TokenKind[],
  evaluate: (reports: readonly Report[], observed: string) => ClauseVerdict,
): ClauseCheck {
  return {
    variant: 'probe',
    send(context) {
      const tokens = kinds.map((kind) => context.tokens[kind]);
      const body = JSON.stringify(REPORT);
      return all(
        ...tokens.map((token, at) =>
          token === undefined
            ? { skip: `no such token can be created for this target (${kinds[at]})` }
            : probeExecution(context, body, authorization(token)),
        ),
      );
    },
    evaluate(answers) {
      const observed = answers.map(formatAnswer).join('; ');
      if (answers.some(({ status }) => status === 401)) return failed(observed, 'The token is refused');
      const reports = answers.map(findReport);
      const missing = answers[reports.indexOf(null)];
      if (missing !== undefined) return missingReport(missing);
      return evaluate(
        reports.filter((report) => report !== null),
        observed,
      );
    },
  };
}

// Not compared with the user id that arrived: whether that is the token's, identity.user checks.
const USERNAME = withTokens(['nameless'], ([report], observed) =>
  evaluateTests(observed, { 'username is the user id': report?.context.username === NAMELESS_USER }),
);

const ODD_ROLES = withTokens(['odd-roles', 'odd-role-entries'], ([object, mixed], observed) =>
  evaluateTests(observed, {
    'no roles for an object': isDeepStrictEqual(object?.context.roles, []),
    'the strings of a mixed list, stripped': isDeepStrictEqual(mixed?.context.roles, [...MIXED_ROLES.kept]),
  }),
);

const SUPERADMIN: ClauseCheck = {
  variant: 'probe',
  send(context) {
    const { user, superadmin } = context.tokens;
    if (user === undefined || superadmin === undefined) {
      return { skip: 'no tokens of a user and a superadmin can be created for this target' };
    }
    const body = JSON.stringify(REPORT);
    return all(probeCall(context, REPORT), probeExecution(context, body, authorization(superadmin)));
  },
  evaluate([ofUser, ofSuperadmin]) {
    const [user, superadmin] = [findReport(ofUser), findReport(ofSuperadmin)];
    if (user === null) return missingReport(ofUser);
    if (superadmin === null) return missingReport(ofSuperadmin);
    const bad =
      findUnusable(user.context, ['is_superadmin']) ?? findUnusable(superadmin.context, ['is_superadmin']);
    if (bad !== null) return bad;
    const seen = [user.context.is_superadmin, superadmin.context.is_superadmin];
    return evaluateTests(`is_superadmin: ${seen[0]} for a user, ${seen[1]} for a superadmin`, {
      'false for a user': seen[0] === false,
      'true for a superadmin': seen[1] === true,
    });
  },
};

const GROWS: ClauseCheck = {
  variant: 'probe',
  send: (context) => all(probeCall(context, REPORT)),
  evaluate([answer], { caller }) {
    const report = findReport(answer);
    if (report === null) return missingReport(answer);
    const bad = findUnusable(report.context, ['user_id']);
    if (bad !== null) return bad;
    const observed = `user_id: ${formatValue(report.received.user_id)}, _context: ${formatValue(report.context)}`;
    const { user_id: userId } = report.context;
    // Whether the body's user_id is the token's, identity.user checks.
    if (userId !== report.received.user_id && userId !== caller?.userId) {
      return failed(observed, `_context.user_id is ${formatValue(userId)}, but user_id in the body differs`);
    }
    return passed(observed, describeGrownKeys(report));
  },
};

const ENTITLEMENTS: ClauseCheck = {
  variant: 'probe',
  send: (context) => all(probeCall(context, REPORT)),
  evaluate([answer]) {
    const report = findReport(answer);
    if (report === null) return missingReport(answer);
    const { _entitlements: entitlements } = report.received;
    return evaluateTests(`_entitlements: ${formatValue(entitlements)}`, {
      '_entitlements is an object': isObject(entitlements),
    });
  },
};

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

function describeGrownKeys({ context }: Report): string {
  const more = Object.keys(context).filter((key) => !Object.hasOwn(KEYS, key));
  return more.length === 0 ? 'It has only the five keys' : `It also has ${more.join(', ')}`;
}

export const CONTEXT_CLAUSES: ClausesOf<'context'> = {
  'context.keys': HAS_KEYS,
  'context.app': APP,
  'context.profile': PROFILE,
  'context.username': USERNAME,
  'context.odd-roles': ODD_ROLES,
  'context.superadmin': SUPERADMIN,
  'context.grows': GROWS,
  'context.entitlements': ENTITLEMENTS,
};
