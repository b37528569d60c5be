import { ROUTES } from '../../contract/http.ts';
import type { Observed } from '../run/exchange.ts';
import { evaluateTests } from './answers.ts';
import { type ClauseCheck, type ClausesOf, failed, passed } from './check.ts';
import { preflight } from './common-requests.ts';
import { get } from './requests.ts';

/** Which web pages may call the runtime (CONTRACT.md §5). */

const FOREIGN = 'https://foreign.example';

function findAllowedOrigin(answer: Observed | undefined): string | undefined {
  return answer?.headers['access-control-allow-origin'];
}

/** The CORS headers of an answer. */
function formatCors(answer: Observed | undefined): string {
  const lines = Object.entries(answer?.headers ?? {}).filter(([name]) => name.startsWith('access-control-'));
  const headers = lines.map(([name, value]) => `${name}: ${value}`).join('; ');
  return `${answer?.status} with ${headers === '' ? 'no Access-Control header' : headers}`;
}

const ALLOWED: ClauseCheck = {
  send: ({ allowedOrigin }) => [get(ROUTES.health, { Origin: allowedOrigin })],
  evaluate([answer], { allowedOrigin }) {
    const allowed = findAllowedOrigin(answer);
    if (allowed === allowedOrigin) return passed(formatCors(answer));
    const what = allowed === undefined ? 'is not allowed' : `is answered with ${allowed}`;
    return failed(formatCors(answer), `The origin ${allowedOrigin}, which should be allowed, ${what}`);
  },
};

const has = (list: string | undefined, wanted: string) =>
  (list ?? '').split(',').some((item) => item.trim().toLowerCase() === wanted);

const PREFLIGHT: ClauseCheck = {
  send: (context) => [get(ROUTES.health, { Origin: context.allowedOrigin }), preflight(context)],
  evaluate([plain, answer], { allowedOrigin }) {
    const methods = answer?.headers['access-control-allow-methods'];
    const isNamed = findAllowedOrigin(answer) === allowedOrigin;
    return evaluateTests(formatCors(answer), {
      'status 2xx': Math.floor((answer?.status ?? 0) / 100) === 2,
      // Where no answer names it, cors.allowed reports that.
      'the origin is allowed': isNamed || findAllowedOrigin(plain) !== allowedOrigin,
      'POST is allowed': has(methods, 'post') || has(methods, '*'),
      // The one header that browsers don't let * allow.
      'the header Authorization is allowed': has(
        answer?.headers['access-control-allow-headers'],
        'authorization',
      ),
    });
  },
};

export const CORS_CLAUSES: ClausesOf<'cors'> = {
  'cors.allowed': ALLOWED,
  'cors.preflight': PREFLIGHT,
  'cors.foreign': {
    send: () => [get(ROUTES.health, { Origin: FOREIGN })],
    evaluate([answer]) {
      const allowed = findAllowedOrigin(answer);
      return allowed === undefined
        ? passed(formatCors(answer))
        : failed(formatCors(answer), `The unknown origin ${FOREIGN} is answered with ${allowed}`);
    },
  },
};
