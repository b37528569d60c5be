import { ROUTES } from '../contract/http.ts';
import type { CheckContext, Clause, Judgement } from './clause.ts';
import type { Exchange, Observed } from './exchange.ts';
import { bearer, canCall, get, NO_CALLER, type Skip } from './requests.ts';

/** What the routes answer with: bodies, error shapes, and what a plugin is given (contract §1, §2, §4). */

type Body = Readonly<Record<string, unknown>>;

function parsed(answer: Observed | undefined): Body {
  try {
    const value: unknown = JSON.parse(answer?.body ?? '');
    return typeof value === 'object' && value !== null ? (value as Body) : {};
  } catch {
    return {}; // No JSON: every key of the shape is then reported missing.
  }
}

/** Passes when every test holds; the reason lists the ones that don't. */
function judgeAll(answer: Observed | undefined, tests: Readonly<Record<string, boolean>>): Judgement {
  const broken = Object.keys(tests).filter((name) => tests[name] !== true);
  return {
    ok: broken.length === 0,
    observed: `${answer?.status ?? 'no answer'} ${shortBody(answer)}`,
    reason: broken.length === 0 ? 'As the contract says' : `Not so: ${broken.join('; ')}`,
  };
}

function shortBody(answer: Observed | undefined): string {
  const body = answer?.body ?? '';
  return body.length <= 400 ? body : `${body.slice(0, 400)}…`;
}

function judgeError(answer: Observed | undefined, status: number, code: string): Record<string, boolean> {
  const body = parsed(answer);
  return {
    [`status ${status}`]: answer?.status === status,
    'detail is a text': typeof body.detail === 'string',
    [`error_code is ${code}`]: body.error_code === code,
    [`status_code is ${status}`]: body.status_code === status,
  };
}

const ENDPOINTS: readonly Clause[] = [
  {
    id: 'health.body',
    group: 'Endpoints',
    title: 'GET /health counts the loaded plugins',
    rule: 'plugins_loaded is the number of plugins that would execute now (contract §2)',
    expected: '200 {"status":"healthy","app_id","app_tier","plugins_loaded": an integer}',
    send: () => [get(ROUTES.health)],
    judge([answer]) {
      const body = parsed(answer);
      return judgeAll(answer, {
        'status 200': answer?.status === 200,
        'status is "healthy"': body.status === 'healthy',
        'app_id is a text': typeof body.app_id === 'string',
        'app_tier is a text': typeof body.app_tier === 'string',
        'plugins_loaded is an integer': Number.isSafeInteger(body.plugins_loaded),
      });
    },
  },
  {
    id: 'plugins.alias',
    group: 'Endpoints',
    title: 'The older path answers the same bytes',
    rule: 'GET /api/available-plugins is GET /api/plugins, byte for byte (contract §2)',
    expected: 'two answers with the same body, a list `plugins` sorted by name',
    send: (context) =>
      canCall(context)
        ? [get(ROUTES.plugins, bearer(context)), get(ROUTES.availablePlugins, bearer(context))]
        : { skip: NO_CALLER },
    judge([answer, alias]) {
      const list = parsed(answer).plugins;
      const names = Array.isArray(list) ? list.map((entry: { name?: unknown }) => String(entry.name)) : [];
      return judgeAll(answer, {
        'status 200': answer?.status === 200,
        'plugins is a list': Array.isArray(list),
        'sorted by name': [...names].sort().join() === names.join(),
        'the same bytes at both paths': answer?.body === alias?.body,
      });
    },
  },
];

const ERRORS: readonly Clause[] = [
  {
    id: 'error.unauthorized',
    group: 'Errors',
    title: '401 says how to authenticate',
    rule: 'A token that does not verify is refused; 401 carries WWW-Authenticate: Bearer (contract §1, §3)',
    expected: '401 UNAUTHORIZED in the error shape, WWW-Authenticate: Bearer',
    send: () => [get(ROUTES.plugins, { Authorization: 'Bearer not.a.token' })],
    judge: ([answer]) =>
      judgeAll(answer, {
        ...judgeError(answer, 401, 'UNAUTHORIZED'),
        'WWW-Authenticate: Bearer': answer?.headers['www-authenticate'] === 'Bearer',
      }),
  },
  {
    id: 'error.not-found',
    group: 'Errors',
    title: '404 for a plugin that is not there',
    rule: 'An unknown plugin is 404 "Plugin \'<name>\' not found or disabled" (contract §4)',
    expected: '404 NOT_FOUND in the error shape',
    send: (context) =>
      canCall(context)
        ? [
            {
              kind: 'http',
              method: 'POST',
              path: '/api/execute/no-such-plugin',
              headers: bearer(context),
              body: '{}',
            },
          ]
        : { skip: NO_CALLER },
    judge: ([answer]) =>
      judgeAll(answer, {
        ...judgeError(answer, 404, 'NOT_FOUND'),
        'detail names the plugin': parsed(answer).detail === "Plugin 'no-such-plugin' not found or disabled",
      }),
  },
  {
    id: 'error.method',
    group: 'Errors',
    title: '405 names the methods that work',
    rule: 'A wrong method is 405 with Allow (contract §1)',
    expected: '405 METHOD_NOT_ALLOWED in the error shape, Allow: GET',
    send: () => [{ kind: 'http', method: 'DELETE', path: ROUTES.health }],
    judge: ([answer]) =>
      judgeAll(answer, {
        ...judgeError(answer, 405, 'METHOD_NOT_ALLOWED'),
        'Allow has GET': (answer?.headers.allow ?? '').includes('GET'),
      }),
  },
];

function probe(context: CheckContext, headers: Record<string, string>): readonly Exchange[] | Skip {
  if (context.probe === null)
    return { skip: 'the plugin whoami, which answers with what it was given, is not loaded' };
  const body = JSON.stringify({
    user_id: 'evil',
    app_id: 'evil',
    user_jwt: 'evil',
    _context: { user_id: 'evil', is_superadmin: true },
  });
  return [{ kind: 'http', method: 'POST', path: `/api/execute/${context.probe}`, headers, body }];
}

const EXECUTION: readonly Clause[] = [
  {
    id: 'execute.identity',
    group: 'Execution',
    title: 'The plugin gets the caller of the token',
    rule: 'user_id, user_jwt and _context come from the verified token, never from the body (contract §4)',
    expected: "the token's user_id, user_jwt there, nothing of what the body claimed",
    send: (context) =>
      context.caller === null
        ? { skip: 'no token can be made for this target' }
        : probe(context, bearer(context)),
    judge: ([answer], context) =>
      judgeAll(answer, {
        'status 200': answer?.status === 200,
        "user_id is the token's": parsed(answer).user_id === context.caller?.userId,
        'user_jwt was given': parsed(answer).user_jwt === true,
        'nothing of the body’s identity': !(answer?.body ?? '').includes('evil'),
      }),
  },
  {
    id: 'execute.anonymous',
    group: 'Execution',
    title: 'Without a token there is no user_jwt',
    rule: 'user_jwt is absent when no token was sent, whatever the body says (contract §3, §4)',
    expected: '200, no user_jwt, nothing of what the body claimed',
    send: (context) =>
      context.anonymousAllowed ? probe(context, {}) : { skip: 'the target demands a token on every call' },
    judge: ([answer]) =>
      judgeAll(answer, {
        'status 200': answer?.status === 200,
        'no user_jwt': parsed(answer).user_jwt === false,
        'nothing of the body’s identity': !(answer?.body ?? '').includes('evil'),
      }),
  },
];

export const ENDPOINT_CLAUSES: readonly Clause[] = [...ENDPOINTS, ...ERRORS, ...EXECUTION];
