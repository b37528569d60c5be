import { isDeepStrictEqual } from 'node:util';
import { executePath, ROUTES } from '../../contract/http.ts';
import { membersOf } from '../../contract/json-members.ts';
import type { Observed } from '../run/exchange.ts';
import type { ProbeCall } from '../target/probe.ts';
import { type CheckContext, NO_CALLER } from '../target/target.ts';
import { evaluateError, evaluateTests, formatAnswer, isHostError, parseBody } from './answers.ts';
import { type ClauseCheck, type ClausesOf, differs, failed, passed } from './check.ts';
import { ERROR_MESSAGE, FAILING_CALL, REPORT } from './common-requests.ts';
import { findReport } from './probe-report.ts';
import { all, bearer, canCall, fresh, isPluginHost, isSkip, probeCall, probeExecution } from './requests.ts';

/** The result of a call (CONTRACT.md §4), checked with the probe plugin. */

/** The probe's report at one of the two paths. */
function atPath(route: string): ClauseCheck {
  return {
    variant: 'probe',
    send(context) {
      const call = probeCall(context, REPORT);
      return isSkip(call) ? call : [{ ...call, path: executePath(context.probe ?? '', route) }];
    },
    evaluate: ([answer]) =>
      findReport(answer) === null
        ? failed(formatAnswer(answer), 'The probe’s report did not arrive')
        : passed(formatAnswer(answer), 'The plugin’s object arrived'),
  };
}

/** Every kind of JSON value, and what careless code changes: an emoji, an empty key, a large integer. */
const FIELDS = {
  text: 'naïve 文字 🙂 "quoted" \\ \u2028',
  integer: 9007199254740991,
  fraction: -0.5,
  yes: true,
  nothing: null,
  list: [1, 'two', [3], {}],
  nested: { '': 'empty key', 'with.dot': { deep: [] } },
};

const GETS_FIELDS: ClauseCheck = {
  variant: 'probe',
  send: (context) => all(probeCall(context, REPORT, FIELDS)),
  evaluate([answer]) {
    const report = findReport(answer);
    if (report === null) return failed(formatAnswer(answer), 'The probe’s report did not arrive');
    const changed = Object.entries(FIELDS).filter(
      ([key, value]) => !isDeepStrictEqual(report.received[key], value),
    );
    if (changed.length === 0) return passed(formatAnswer(answer));
    return failed(formatAnswer(answer), `Changed or lost: ${changed.map(([key]) => key).join(', ')}`);
  },
};

/** As a text: a round through values is what is looked for. The first are what JavaScript can hold, too. */
const NUMBERS = {
  javascript: ['9007199254740991', '0.1', '-2.75'],
  python: ['12345678901234567890123', '1.0', '-0.0'],
} as const;
const ALL_NUMBERS: readonly string[] = [...NUMBERS.javascript, ...NUMBERS.python];

const NUMBERS_UNCHANGED: ClauseCheck = {
  variant: 'probe',
  send(context) {
    const body = `{"action":"report","numbers":[${ALL_NUMBERS.join(',')}]}`;
    return canCall(context) ? all(probeExecution(context, body, bearer(context))) : { skip: NO_CALLER };
  },
  evaluate([answer]) {
    if (findReport(answer) === null) return failed(formatAnswer(answer), 'The probe’s report did not arrive');
    const expected = parseBody(answer).language === 'python' ? ALL_NUMBERS : NUMBERS.javascript;
    const returned = writtenNumbers(answer?.body ?? '');
    const changed = expected.filter((literal, at) => returned[at] !== literal);
    if (changed.length === 0) return passed(formatAnswer(answer));
    return failed(formatAnswer(answer), `Changed or lost: ${changed.join(', ')}`);
  },
};

/** The items of `received.numbers` in the probe's report, as they are written. */
function writtenNumbers(report: string): readonly string[] {
  const memberOf = (object: string, name: string) =>
    membersOf(object).find(({ key }) => key === name)?.text ?? '';
  const list = memberOf(memberOf(report, 'received'), 'numbers');
  return list
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map((literal) => literal.trim());
}

const CONTENT_TYPE: ClauseCheck = {
  variant: 'probe',
  send(context) {
    const call = probeCall(context, REPORT, { note: 'sent as a form' });
    if (isSkip(call)) return call;
    return [{ ...call, headers: { ...call.headers, 'Content-Type': 'application/x-www-form-urlencoded' } }];
  },
  evaluate: ([answer]) =>
    evaluateTests(formatAnswer(answer), {
      'the probe’s report arrived': findReport(answer) !== null,
      'the field of the body was received': findReport(answer)?.received.note === 'sent as a form',
    }),
};

const AS_IT_IS = 'The plugin host answers with the plugin’s object as it is';

/** The plugin host's path knows no errors of a plugin's own (CONTRACT.md §2). */
function isOwnErrorAsItIs(answer: Observed | undefined, context: CheckContext): boolean {
  return isPluginHost(context) && answer?.status === 200 && parseBody(answer).error === ERROR_MESSAGE;
}

/** A call that must be answered with 500 and this code. */
function failing(
  call: ProbeCall,
  code: string,
  more: (answer: Observed | undefined) => Record<string, boolean> = () => ({}),
): ClauseCheck {
  return {
    variant: 'probe',
    send: (context) => all(probeCall(context, call)),
    evaluate: ([answer], context) =>
      evaluateError(answer, context, { status: 500, code, more: more(answer) }),
  };
}

const PLUGIN_ERROR: ClauseCheck = {
  variant: 'probe',
  send: (context) => all(probeCall(context, FAILING_CALL)),
  evaluate: ([answer], context) =>
    isOwnErrorAsItIs(answer, context)
      ? differs(formatAnswer(answer), AS_IT_IS)
      : evaluateError(answer, context, {
          status: 500,
          code: 'PLUGIN_ERROR',
          more: { 'detail is the plugin’s error': parseBody(answer).detail === ERROR_MESSAGE },
        }),
};

const OWN_CODE = 'PROBE_WAS_TOLD_TO';

const PLUGIN_CODE: ClauseCheck = {
  variant: 'probe',
  send: (context) => all(probeCall(context, { action: 'error', message: ERROR_MESSAGE, code: OWN_CODE })),
  evaluate([answer], context) {
    const { error_code: code } = parseBody(answer);
    if (isOwnErrorAsItIs(answer, context)) return differs(formatAnswer(answer), AS_IT_IS);
    if (isHostError(answer, context))
      return differs(formatAnswer(answer), 'The plugin host gives no error code');
    return evaluateTests(formatAnswer(answer), {
      'status 500': answer?.status === 500,
      [`error_code is ${OWN_CODE}`]: code === OWN_CODE,
    });
  },
};

const CRASH: ClauseCheck = {
  variant: 'probe',
  send(context) {
    if (!context.allowDisruptive) return DISRUPTIVE;
    return all(fresh(probeCall(context, { action: 'exit' })), fresh(probeCall(context, REPORT)));
  },
  evaluate([crash, next], context) {
    const first = evaluateError(crash, context, { status: 500, code: 'PLUGIN_CRASHED' });
    const observed = `${first.observed}; then ${formatAnswer(next)}`;
    if (findReport(next) === null) return failed(observed, 'The next call did not work');
    return { ...first, observed };
  },
};

/** Why a call that would harm a runtime without isolation is not made. */
export const DISRUPTIVE = {
  skip: 'may harm a runtime that does not isolate its plugins; allow it with --disruptive',
} as const;

export const EXECUTE_CLAUSES: ClausesOf<'execute'> = {
  'execute.path': atPath(ROUTES.execute),
  'execute.fields': GETS_FIELDS,
  'execute.numbers': NUMBERS_UNCHANGED,
  'execute.content-type': CONTENT_TYPE,
  'execute.plugin-error': PLUGIN_ERROR,
  'execute.plugin-code': PLUGIN_CODE,
  'execute.exception': failing({ action: 'throw', message: ERROR_MESSAGE }, 'PLUGIN_EXCEPTION', (answer) => ({
    'detail contains the message': parseBody(answer).detail === `Error executing plugin: ${ERROR_MESSAGE}`,
  })),
  'execute.invalid-result': failing({ action: 'invalid' }, 'PLUGIN_INVALID_RESULT'),
  'execute.crash': CRASH,
  'execute.host-path': atPath(ROUTES.hostExecute),
};
