import { type Answer, type Asked, failure, json, type Outcome, withFields } from '../answer.ts';
import { COMPLIANT } from '../rules.ts';
import { type FaultsOf, onAnswer } from './fault.ts';

/** What comes of a call: one row of CONTRACT.md §4 wrong, or one sentence about the plugin host's path. */

const isHostPath = ({ path }: Asked) => /^\/api\/plugins\/[^/]+\/execute$/.test(path);

/** Picks answers to a plugin that returned an object with `error`. */
function onPluginError(hasCode: boolean): (answer: Answer, asked: Asked) => boolean {
  return (_, asked) => {
    const { outcome } = asked;
    if (outcome?.kind !== 'returned' || !isFields(outcome.value) || isHostPath(asked)) return false;
    return 'error' in outcome.value && 'error_code' in outcome.value === hasCode;
  };
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const roundFraction = (value: unknown) =>
  typeof value === 'number' && !Number.isInteger(value) ? Math.fround(value) : value;

const onOutcome = (kind: Outcome['kind']) => (_: Answer, asked: Asked) =>
  asked.outcome?.kind === kind && !isHostPath(asked);

/** Picks the plugin host's answers to what became of a plugin. */
const onHostOutcome = (which: (outcome: Outcome) => boolean) => (_: Answer, asked: Asked) =>
  isHostPath(asked) && asked.outcome !== null && which(asked.outcome);

const isOwnError = (outcome: Outcome) =>
  outcome.kind === 'returned' && isFields(outcome.value) && 'error' in outcome.value;
const isInvalid = (outcome: Outcome) => outcome.kind === 'returned' && !isFields(outcome.value);

const unspecific = (answer: Answer) =>
  failure(500, 'INTERNAL_ERROR', 'Internal Server Error', answer.headers);

/** Fields of a form model; it drops those that it does not know. */
const KNOWN_FIELDS = ['action', 'seconds', 'message', 'code', 'note', 'numbers'];

export const EXECUTION_FAULTS: FaultsOf<'execute' | 'host' | 'timeout'> = {
  'execute.path': {
    says: 'executes plugins at the plugin host’s path alone',
    rules: { executePath: false, hostPath: 'host-words' },
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
    (_, asked) => asked.outcome !== null && isInvalid(asked.outcome) && !isHostPath(asked),
    ({ headers }) => json(200, ['a list is no object'], headers),
  ),
  'execute.crash': {
    says: 'cuts the connection when a plugin ends its process',
    rules: { cutsOnCrash: true },
  },
  'execute.host-path': { says: 'has no path of the plugin host', rules: { hostPath: 'none' } },
  'host.order': {
    says: 'looks for the plugin before the body by the plugin host’s path too',
    rules: { hostBodyFirst: false },
  },
  'host.bad-json': onAnswer(
    'says "payload" by the plugin host’s path too',
    ({ status }, asked) => status === 400 && isHostPath(asked),
    (answer) => withFields(answer, { detail: 'Invalid JSON payload' }),
  ),
  'host.empty-body': {
    says: 'refuses an empty body by the plugin host’s path too',
    rules: { hostEmptyBodyIsObject: false },
  },
  'host.not-found': onAnswer(
    'does not name the plugin that the plugin host’s path misses',
    ({ status }, asked) => status === 404 && isHostPath(asked),
    (answer) => withFields(answer, { plugin: undefined }),
  ),
  'host.own-error': onAnswer(
    'answers a plugin’s error with 500 by the plugin host’s path too',
    onHostOutcome(isOwnError),
    (answer) => ({ ...answer, status: 500 }),
  ),
  'host.exception': onAnswer(
    'hides what a plugin threw by the plugin host’s path',
    onHostOutcome(({ kind }) => kind === 'threw'),
    (answer) => withFields(answer, { details: 'Internal Server Error' }),
  ),
  'host.invalid-result': onAnswer(
    'names the type of an invalid result in JavaScript’s words',
    onHostOutcome(isInvalid),
    (answer) => withFields(answer, { details: 'Expected object, got array' }),
  ),
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
