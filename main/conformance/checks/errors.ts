import { ROUTES } from '../../contract/http.ts';
import type { Exchange, Observed } from '../run/exchange.ts';
import { type CheckContext, NO_CALLER, type Skip } from '../target/target.ts';
import { evaluateError, formatAnswer, isString, parseBody } from './answers.ts';
import { type ClauseCheck, type ClausesOf, type ClauseVerdict, differs } from './check.ts';
import { oversizedBody, UNKNOWN_ROUTE, WRONG_METHOD } from './common-requests.ts';
import { ORDER } from './error-order.ts';
import {
  all,
  authorization,
  BAD_TOKEN,
  bearer,
  canCall,
  execution,
  get,
  isPluginHost,
  refusedExecution,
  UNKNOWN_PLUGIN,
} from './requests.ts';

/** What the runtime refuses, and how it answers (CONTRACT.md §1, §2). */

const HOST_ANSWER = 'The plugin host has its own error text';

/** POST to a plugin that doesn't exist. */
function unknownPlugin(context: CheckContext): Exchange | Skip {
  return canCall(context) ? execution(context, UNKNOWN_PLUGIN, '{}', bearer(context)) : { skip: NO_CALLER };
}

const UNAUTHORIZED: ClauseCheck = {
  send: () => [get(ROUTES.plugins, authorization(BAD_TOKEN))],
  evaluate: ([answer], context) =>
    evaluateError(answer, context, {
      status: 401,
      code: 'UNAUTHORIZED',
      more: {
        'WWW-Authenticate: Bearer': /^bearer(\s|$)/i.test(answer?.headers['www-authenticate'] ?? ''),
      },
    }),
};

const NOT_FOUND: ClauseCheck = {
  send: (context) => all(unknownPlugin(context)),
  evaluate: ([answer], context) =>
    evaluateError(answer, context, {
      status: 404,
      code: 'NOT_FOUND',
      more: {
        'detail names the plugin':
          parseBody(answer).detail === `Plugin '${UNKNOWN_PLUGIN}' not found or disabled`,
      },
    }),
};

const METHOD: ClauseCheck = {
  send: () => [WRONG_METHOD],
  evaluate([answer], context) {
    if (answer?.status === 404 && isPluginHost(context)) {
      return differs(formatAnswer(answer), 'The plugin host answers 404 to any other method');
    }
    const allowed = (answer?.headers.allow ?? '').split(',').map((method) => method.trim().toUpperCase());
    return evaluateError(answer, context, {
      status: 405,
      code: 'METHOD_NOT_ALLOWED',
      more: { 'Allow contains GET': allowed.includes('GET') },
    });
  },
};

function evaluateBadRequest(
  answer: Observed | undefined,
  context: CheckContext,
  detail: string,
): ClauseVerdict {
  const actual = parseBody(answer).detail;
  return evaluateError(answer, context, {
    status: 400,
    code: 'BAD_REQUEST',
    more: { [`detail is "${detail}"`]: isString(actual) && actual.startsWith(detail) },
  });
}

const INVALID = 'Invalid JSON payload';
const BROKEN_JSON = '{"a":';

const BAD_JSON: ClauseCheck = {
  send(context) {
    const broken = refusedExecution(context, BROKEN_JSON);
    // The plugin host treats an empty body as {}: only the probe can safely be called with that.
    const isCallable = !isPluginHost(context) || context.probe !== null;
    return isCallable ? all(broken, refusedExecution(context, '')) : all(broken);
  },
  evaluate([broken, empty], context) {
    const first = evaluateBadRequest(broken, context, INVALID);
    if (isPluginHost(context) && parseBody(broken).detail === 'Invalid JSON body') {
      return differs(formatAnswer(broken), `${HOST_ANSWER}, and treats an empty body as {}`);
    }
    if (first.verdict === 'failed' || empty === undefined) return first;
    const observed = `${first.observed}; without a body ${formatAnswer(empty)}`;
    if (isPluginHost(context) && empty.status === 200) {
      return differs(observed, `${HOST_ANSWER}, and treats an empty body as {}`);
    }
    const second = evaluateBadRequest(empty, context, INVALID);
    return second.verdict === 'passed' ? { ...first, observed } : { ...second, observed };
  },
};

const NOT_OBJECT: ClauseCheck = {
  send: (context) => all(refusedExecution(context, '[]')),
  evaluate: ([answer], context) => evaluateBadRequest(answer, context, 'Request body must be a JSON object'),
};

export const ERROR_CLAUSES: ClausesOf<'error'> = {
  'error.shape': {
    send: () => [UNKNOWN_ROUTE],
    evaluate: ([answer], context) => evaluateError(answer, context, { status: 404, code: 'NOT_FOUND' }),
  },
  'error.unauthorized': UNAUTHORIZED,
  'error.not-found': NOT_FOUND,
  'error.method': METHOD,
  'error.bad-json': BAD_JSON,
  'error.not-object': NOT_OBJECT,
  'error.order': ORDER,
};

export const LIMIT_CLAUSES: ClausesOf<'limit'> = {
  'limit.body': {
    send: (context) => all(refusedExecution(context, oversizedBody(context))),
    evaluate: ([answer], context) =>
      evaluateError(answer, context, { status: 413, code: 'PAYLOAD_TOO_LARGE' }),
  },
};
