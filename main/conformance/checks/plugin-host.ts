import { ROUTES } from '../../contract/http.ts';
import type { Exchange, Observed } from '../run/exchange.ts';
import type { CheckContext, Skip } from '../target/target.ts';
import { evaluateTests, formatAnswer, isString, parseBody } from './answers.ts';
import { type ClauseCheck, type ClausesOf, type ClauseVerdict, inconclusive } from './check.ts';
import { ERROR_MESSAGE, FAILING_CALL, REPORT } from './common-requests.ts';
import { BROKEN_JSON, ORDER } from './error-order.ts';
import { findReport } from './probe-report.ts';
import { all, bearer, execution, isSkip, probeCall, probeExecution, UNKNOWN_PLUGIN } from './requests.ts';

/** What the plugin host's path answers, in shapes of its own (CONTRACT.md §2). */

interface HostCheck {
  send(context: CheckContext): readonly Exchange[] | Skip;
  evaluate(answers: readonly Observed[], context: CheckContext): ClauseVerdict;
}

/** By the plugin host's path, with the probe. Whether that path runs it, execute.host-path checks. */
function byHostPath({ send, evaluate }: HostCheck): ClauseCheck {
  const atHostPath = (context: CheckContext) => ({ ...context, executeRoute: ROUTES.hostExecute });
  return {
    variant: 'probe',
    send(context) {
      const host = atHostPath(context);
      const requests = send(host);
      if (isSkip(requests)) return requests;
      return all<Exchange>(probeCall(host, REPORT), ...requests);
    },
    evaluate([plain, ...answers], context) {
      if (findReport(plain) !== null) return evaluate(answers, atHostPath(context));
      return inconclusive(formatAnswer(plain), 'this path does not run the probe; see execute.host-path');
    },
  };
}

type Tests = (answer: Observed | undefined) => Readonly<Record<string, boolean>>;

/** One request by the plugin host's path. */
function answered(send: (context: CheckContext) => Exchange | Skip, tests: Tests): ClauseCheck {
  return byHostPath({
    send: (context) => all(send(context)),
    evaluate: ([answer]) => evaluateTests(formatAnswer(answer), tests(answer)),
  });
}

/** An error in the plugin host's words. */
function errorTests(answer: Observed | undefined, status: number, words: string): Record<string, boolean> {
  return {
    [`status ${status}`]: answer?.status === status,
    [`error is "${words}"`]: parseBody(answer).error === words,
  };
}

export const HOST_CLAUSES: ClausesOf<'host'> = {
  'host.order': byHostPath(ORDER),
  'host.bad-json': answered(
    (context) => probeExecution(context, BROKEN_JSON, bearer(context)),
    (answer) => ({
      'status 400': answer?.status === 400,
      'detail is "Invalid JSON body"': parseBody(answer).detail === 'Invalid JSON body',
    }),
  ),
  'host.empty-body': answered(
    (context) => probeExecution(context, '', bearer(context)),
    (answer) => ({ 'the probe’s report arrived': findReport(answer) !== null }),
  ),
  'host.not-found': answered(
    (context) => execution(context, UNKNOWN_PLUGIN, '{}', bearer(context)),
    (answer) => ({
      ...errorTests(answer, 404, 'Plugin not found'),
      'plugin is its name': parseBody(answer).plugin === UNKNOWN_PLUGIN,
    }),
  ),
  'host.own-error': answered(
    (context) => probeCall(context, FAILING_CALL),
    (answer) => errorTests(answer, 200, ERROR_MESSAGE),
  ),
  'host.exception': answered(
    (context) => probeCall(context, { action: 'throw', message: ERROR_MESSAGE }),
    (answer) => ({
      ...errorTests(answer, 500, 'Plugin execution failed'),
      'details has the message': hasMessage(parseBody(answer).details),
    }),
  ),
  'host.invalid-result': answered(
    (context) => probeCall(context, { action: 'invalid' }),
    (answer) => ({
      ...errorTests(answer, 500, 'Plugin returned invalid response'),
      'details is "Expected dict, got list"': parseBody(answer).details === 'Expected dict, got list',
    }),
  ),
};

function hasMessage(details: unknown): boolean {
  return isString(details) && details.includes(ERROR_MESSAGE);
}
