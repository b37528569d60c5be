import type { ClauseId } from '../../../main/conformance/clauses/clauses.ts';
import { json, withFields } from './answer.ts';
import { COMPLIANT, type Rules } from './rules.ts';
import type { StandInOptions } from './stand-in.ts';

const RULES: Partial<Rules> = {
  executePath: false,
  hostPath: 'host-words',
  inject: (call) => COMPLIANT.inject({ ...call, token: null }),
};

/**
 * The standalone plugin host: the same engine behind another path (CONTRACT.md §2). It has no version header,
 * hands no token on and writes errors of plugins in its own shapes.
 */
export const PLUGIN_HOST: StandInOptions = { version: null, rules: RULES };

/** What the contract lets a plugin host write in its own shapes (CONTRACT.md §2). */
export const IN_ITS_WORDS: readonly ClauseId[] = [
  'plugins.registry',
  'execute.plugin-error',
  'execute.plugin-code',
  'execute.exception',
  'execute.invalid-result',
  'execute.crash',
  'error.not-found',
  'error.bad-json',
  'timeout.status',
  'timeout.detail',
];

const SERVED = /^\/(health|api\/plugins|api\/plugins\/[^/]+\/execute)$/;

/** A plugin host that serves nothing beside its health, its list and its executions. */
export const BARE_PLUGIN_HOST: StandInOptions = {
  version: null,
  rules: {
    ...RULES,
    finish: (answer, { method, path }) =>
      method === 'raw' || SERVED.test(path) ? answer : json(404, { detail: 'Not Found' }),
  },
};

/** A runtime that says the same of a timeout, but by the status of gateways. */
export const GATEWAY: StandInOptions = {
  rules: {
    finish: (answer, { outcome }) =>
      outcome?.kind === 'timed-out' ? { ...withFields(answer, { status_code: 504 }), status: 504 } : answer,
  },
};

/** A runtime that writes the seconds of a timeout as Python writes a float: 3.0 for 3. */
export const FLOATING: StandInOptions = {
  rules: {
    finish: (answer, { outcome }) =>
      outcome?.kind === 'timed-out'
        ? withFields(answer, { detail: `Plugin execution timed out after ${outcome.seconds}.0 seconds` })
        : answer,
  },
};
