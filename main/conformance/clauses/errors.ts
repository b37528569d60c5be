import { ROUTES } from '../../contract/http.ts';
import { bodyOf, isText, judgeError, shown } from '../answers.ts';
import { type ClauseCode, type ClausesOf, differs, type Judgement } from '../clause.ts';
import type { Exchange, Observed } from '../exchange.ts';
import {
  all,
  authorization,
  BAD_TOKEN,
  bearer,
  canCall,
  execution,
  get,
  isPluginHost,
  NO_CALLER,
  refusedExecution,
  UNKNOWN_PLUGIN,
} from '../requests.ts';
import type { CheckContext, Skip } from '../target.ts';
import { oversizedBody, UNKNOWN_ROUTE, WRONG_METHOD } from './common-requests.ts';
import { ORDER } from './error-order.ts';

/** What the runtime refuses, and in which words (contract §1, §2). */

const HOST_WORDS = 'The plugin host answers in its own words';

/** POST to a plugin that isn't there. */
function unknownPlugin(context: CheckContext): Exchange | Skip {
  return canCall(context) ? execution(context, UNKNOWN_PLUGIN, '{}', bearer(context)) : { skip: NO_CALLER };
}

const UNAUTHORIZED: ClauseCode = {
  send: () => [get(ROUTES.plugins, authorization(BAD_TOKEN))],
  judge: ([answer], context) =>
    judgeError(answer, context, {
      ...{ status: 401, code: 'UNAUTHORIZED' },
      more: {
        'WWW-Authenticate: Bearer': /^bearer(\s|$)/i.test(answer?.headers['www-authenticate'] ?? ''),
      },
    }),
};

const NOT_FOUND: ClauseCode = {
  send: (context) => all(unknownPlugin(context)),
  judge: ([answer], context) =>
    judgeError(answer, context, {
      ...{ status: 404, code: 'NOT_FOUND' },
      more: {
        'detail names the plugin':
          bodyOf(answer).detail === `Plugin '${UNKNOWN_PLUGIN}' not found or disabled`,
      },
    }),
};

const METHOD: ClauseCode = {
  send: () => [WRONG_METHOD],
  judge([answer], context) {
    if (answer?.status === 404 && isPluginHost(context)) {
      return differs(shown(answer), 'The plugin host knows no other method, and answers 404');
    }
    const allowed = (answer?.headers.allow ?? '').split(',').map((method) => method.trim().toUpperCase());
    return judgeError(answer, context, {
      ...{ status: 405, code: 'METHOD_NOT_ALLOWED' },
      more: { 'Allow has GET': allowed.includes('GET') },
    });
  },
};

function judgeBadRequest(answer: Observed | undefined, context: CheckContext, detail: string): Judgement {
  const said = bodyOf(answer).detail;
  return judgeError(answer, context, {
    ...{ status: 400, code: 'BAD_REQUEST' },
    more: { [`detail is "${detail}"`]: isText(said) && said.startsWith(detail) },
  });
}

const INVALID = 'Invalid JSON payload';
const BROKEN_JSON = '{"a":';

const BAD_JSON: ClauseCode = {
  send(context) {
    const broken = refusedExecution(context, BROKEN_JSON);
    // The plugin host takes no body for {}: of the plugins there only the probe may be called with that.
    const isCallable = !isPluginHost(context) || context.probe !== null;
    return isCallable ? all(broken, refusedExecution(context, '')) : all(broken);
  },
  judge([broken, empty], context) {
    const first = judgeBadRequest(broken, context, INVALID);
    if (first.verdict === 'failed' || empty === undefined) return first;
    const observed = `${first.observed}; without a body ${shown(empty)}`;
    if (isPluginHost(context) && empty.status === 200) {
      return differs(observed, `${HOST_WORDS}, and takes an empty body for {}`);
    }
    const second = judgeBadRequest(empty, context, INVALID);
    return second.verdict === 'passed' ? { ...first, observed } : { ...second, observed };
  },
};

const NOT_OBJECT: ClauseCode = {
  send: (context) => all(refusedExecution(context, '[]')),
  judge: ([answer], context) => judgeBadRequest(answer, context, 'Request body must be a JSON object'),
};

export const ERROR_CLAUSES: ClausesOf<'error'> = {
  'error.shape': {
    send: () => [UNKNOWN_ROUTE],
    judge: ([answer], context) => judgeError(answer, context, { status: 404, code: 'NOT_FOUND' }),
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
    judge: ([answer], context) => judgeError(answer, context, { status: 413, code: 'PAYLOAD_TOO_LARGE' }),
  },
};
