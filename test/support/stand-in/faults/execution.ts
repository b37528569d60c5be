import { type Answer, type Asked, failure, json, type Outcome } from '../answer.ts';
import { COMPLIANT } from '../rules.ts';
import { type FaultsOf, onAnswer } from './fault.ts';

/** What comes of a call, one row of CONTRACT.md §4 wrong. */

/** Picks answers to a plugin that returned an object with `error`. */
function onPluginError(hasCode: boolean): (answer: Answer, asked: Asked) => boolean {
  return (_, { outcome }) => {
    if (outcome?.kind !== 'returned' || !isFields(outcome.value)) return false;
    return 'error' in outcome.value && 'error_code' in outcome.value === hasCode;
  };
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const roundFraction = (value: unknown) =>
  typeof value === 'number' && !Number.isInteger(value) ? Math.fround(value) : value;

const onOutcome = (kind: Outcome['kind']) => (_: Answer, asked: Asked) => asked.outcome?.kind === kind;

const unspecific = (answer: Answer) =>
  failure(500, 'INTERNAL_ERROR', 'Internal Server Error', answer.headers);

/** Fields of a form model; it drops those that it does not know. */
const KNOWN_FIELDS = ['action', 'seconds', 'message', 'code', 'note', 'numbers'];

export const EXECUTION_FAULTS: FaultsOf<'execute' | 'timeout'> = {
  'execute.path': {
    says: 'executes plugins at the plugin host’s path alone',
    rules: { executePath: false, hostPath: 'contract-words' },
  },
  'execute.fields': {
    says: 'hands on the fields alone that it knows',
    rules: {
      inject(call) {
        const known = Object.entries(call.sent).filter(([key]) => KNOWN_FIELDS.includes(key));
        return COMPLIANT.inject({ ...call, sent: Object.fromEntries(known) });
      },
    },
  },
  'execute.numbers': {
    says: 'stores fractions as 32-bit floats',
    rules: {
      inject({ sent, ...call }) {
        const { numbers, ...others } = COMPLIANT.inject({ ...call, sent });
        const rounded = Array.isArray(numbers) ? numbers.map(roundFraction) : numbers;
        return rounded === undefined ? others : { ...others, numbers: rounded };
      },
    },
  },
  'execute.content-type': {
    says: 'reads no body whose Content-Type is not application/json',
    rules: { jsonTypeOnly: true },
  },
  'execute.plugin-error': onAnswer(
    'answers a plugin’s error with INTERNAL_ERROR, unless it has a code',
    onPluginError(false),
    unspecific,
  ),
  'execute.plugin-code': onAnswer(
    'answers every error of a plugin with PLUGIN_ERROR',
    onPluginError(true),
    ({ body, headers }) => failure(500, 'PLUGIN_ERROR', (body as { detail: string }).detail, headers),
  ),
  'execute.exception': onAnswer('hides what a plugin threw', onOutcome('threw'), unspecific),
  'execute.invalid-result': onAnswer(
    'answers 200 with whatever a plugin returned',
    (_, { outcome }) => outcome?.kind === 'returned' && !isFields(outcome.value),
    ({ headers }) => json(200, ['a list is no object'], headers),
  ),
  'execute.crash': {
    says: 'cuts the connection when a plugin ends its process',
    rules: { cutsOnCrash: true },
  },
  'execute.host-path': { says: 'has no path of the plugin host', rules: { hostPath: 'none' } },
  'timeout.enforced': {
    says: 'waits for every plugin as long as it takes',
    rules: { ends: { sleep: false, block: false } },
  },
  'timeout.status': onAnswer(
    'answers a timeout with PLUGIN_ERROR',
    onOutcome('timed-out'),
    ({ body, headers }) => failure(500, 'PLUGIN_ERROR', (body as { detail: string }).detail, headers),
  ),
  'timeout.detail': onAnswer('does not say how long it waited', onOutcome('timed-out'), ({ headers }) =>
    failure(500, 'PLUGIN_TIMEOUT', 'Plugin timed out', headers),
  ),
  'timeout.variable': {
    says: 'knows the timeout’s older name alone',
    rules: { timeoutVariables: ['PLUGIN_EXEC_TIMEOUT_S'] },
  },
  'timeout.default': {
    says: 'waits 15 seconds by default, as before the contract',
    rules: { defaultTimeoutSeconds: 15 },
  },
  'timeout.older-name': {
    says: 'knows the timeout’s newer name alone',
    rules: { timeoutVariables: ['MOZAIKS_PLUGIN_TIMEOUT_SECONDS'] },
  },
  'timeout.blocking': {
    says: 'ends plugins that sleep, but waits for those that block',
    rules: { ends: { sleep: true, block: false } },
  },
};
