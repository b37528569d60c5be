import { CONTRACT_VERSION, HEADERS, ROUTES } from '../../contract/http.ts';
import type { Exchange, Observed } from '../run/exchange.ts';
import type { CheckContext, Skip, Variant } from '../target/target.ts';
import { type ClauseCheck, type ClausesOf, differs, failed, inconclusive, passed } from './check.ts';
import {
  FAILING_CALL,
  oversizedBody,
  preflight,
  REPORT,
  UNKNOWN_ROUTE,
  WRONG_METHOD,
} from './common-requests.ts';
import { all, asCaller, authorization, BAD_TOKEN, get, probeCall, refusedExecution } from './requests.ts';

/** The version header, on every kind of answer a client can receive (CONTRACT.md §1). */

const NAME = HEADERS.runtimeVersion;

type HeaderClauses = ClausesOf<'header'>;

/** The header on the answer to one kind of request; other clauses check the status of that answer. */
function onAnswer(
  isKind: (status: number) => boolean,
  kind: string,
  send: (context: CheckContext) => Exchange | Skip,
  variant?: Variant,
): ClauseCheck {
  return {
    variant,
    send: (context) => all(send(context)),
    evaluate([answer]) {
      const status = answer?.status ?? 0;
      const version = versionOf(answer);
      const observed = `${status} with ${version === undefined ? `no ${NAME}` : `${NAME}: ${version}`}`;
      if (version === undefined) return failed(observed, 'The header is missing');
      if (isKind(status)) return passed(observed, 'The header is present');
      return inconclusive(
        observed,
        `the target answered ${status}, so its ${kind} answer could not be checked`,
      );
    },
  };
}

/** For a kind of answer with a single status. */
function on(
  status: number,
  send: (context: CheckContext) => Exchange | Skip,
  variant?: Variant,
): ClauseCheck {
  return onAnswer((seen) => seen === status, String(status), send, variant);
}

function versionOf(answer: Observed | undefined): string | undefined {
  return answer?.headers[NAME.toLowerCase()];
}

const VALUE: ClauseCheck = {
  send: () => [get(ROUTES.health), get(ROUTES.root), get(ROUTES.info), UNKNOWN_ROUTE],
  evaluate(answers) {
    const versions = [...new Set(answers.flatMap((answer) => versionOf(answer) ?? []))];
    const observed = versions.length === 0 ? `no ${NAME}` : `${NAME}: ${versions.join(', ')}`;
    if (versions.length === 0) return failed(observed, 'The header is missing on every answer');
    const others = versions.filter((version) => version !== CONTRACT_VERSION);
    if (others.length === 0) return passed(observed);
    const actual = `The header is ${others.join(' and ')}`;
    return others.every((version) => /^1\.0(\.\d+)?$/.test(version))
      ? differs(observed, `${actual}; some implementations of the contract write 1.0 or a later 1.0.x`)
      : failed(observed, `${actual}, not ${CONTRACT_VERSION}`);
  },
};

const EXPOSED: ClauseCheck = {
  send: ({ allowedOrigin }) => [get(ROUTES.health, { Origin: allowedOrigin })],
  evaluate([answer], { allowedOrigin }) {
    const names = answer?.headers['access-control-expose-headers'];
    const observed = `${answer?.status} with ${names === undefined ? 'no Access-Control-Expose-Headers' : `Access-Control-Expose-Headers: ${names}`}`;
    const exposed = (names ?? '').split(',').map((name) => name.trim().toLowerCase());
    if (exposed.includes(NAME.toLowerCase())) return passed(observed);
    if (exposed.includes('*'))
      return differs(observed, 'All headers are exposed with *, not this one by name');
    return answer?.status === 403
      ? inconclusive(observed, `the target refuses the origin ${allowedOrigin}; see cors.allowed`)
      : failed(observed, `Scripts of ${allowedOrigin} can't read ${NAME}`);
  },
};

export const HEADER_CLAUSES: HeaderClauses = {
  'header.health': on(200, () => get(ROUTES.health)),
  'header.health-head': on(200, () => ({ kind: 'http', method: 'HEAD', path: ROUTES.health })),
  'header.plugins': on(200, (context) => asCaller(context, ROUTES.plugins)),
  'header.execute': on(200, (context) => probeCall(context, REPORT), 'probe'),
  'header.plugin-error': on(500, (context) => probeCall(context, FAILING_CALL), 'probe'),
  'header.bad-json': on(400, (context) => refusedExecution(context, '{"a":')),
  'header.bad-token': on(401, () => get(ROUTES.plugins, authorization(BAD_TOKEN))),
  'header.unknown-route': on(404, () => UNKNOWN_ROUTE),
  'header.wrong-method': on(405, () => WRONG_METHOD),
  'header.too-large': on(413, (context) => refusedExecution(context, oversizedBody(context))),
  'header.preflight': onAnswer(
    (status) => status >= 200 && status < 300,
    '2xx',
    (context) => preflight(context),
  ),
  'header.malformed': on(400, () => ({
    kind: 'raw',
    title: 'NONSENSE\\r\\n\\r\\n on the socket',
    bytes: 'NONSENSE\r\n\r\n',
  })),
  'header.huge-header': on(431, () => ({
    kind: 'raw',
    title: 'GET /health with a header of 17 KiB',
    bytes: `GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: ${'a'.repeat(17 * 1024)}\r\n\r\n`,
  })),
  'header.value': VALUE,
  'header.exposed': EXPOSED,
};
