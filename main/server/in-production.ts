import type { CallerDifference } from '../auth/production.ts';
import type { ResultDifference } from '../contract/host.ts';
import type { Json } from '../contract/http.ts';
import { STANDING_REASONS } from '../contract/production-differences.ts';
import type { CallReport, EnginePlugin, NewProcess } from '../plugins/engine/types.ts';
import type { Refusal } from './refused-request.ts';

/**
 * Where production would have answered a call otherwise, in one line each: the text after "In production: "
 * (CONTRACT.md §7). All texts are here, each beside the rule that chooses it. Pure. A status and a body are
 * production's own; where only words follow, the call would have gone on.
 */

/** About the caller. */
export const CALLER_LINES: Readonly<Record<CallerDifference, string>> = {
  'no-token': '401, since no token was sent.',
  leeway: '401: no leeway is given for the times in a token.',
  'no-expiry': 'the token is accepted: exp is optional.',
  'token-type': 'the token is accepted: its type is not looked at.',
  'superadmin-by-default':
    'is_superadmin is false unless MOZAIKS_SUPERADMIN_CLAIM or MOZAIKS_SUPERADMIN_ROLE is set.',
  'superadmin-truthy':
    'is_superadmin is true: any value of MOZAIKS_SUPERADMIN_CLAIM that Python counts as true.',
};

/** About requests that are refused before a plugin runs. */
export const REFUSAL_LINES: Readonly<Record<Refusal, string>> = {
  'body-too-large': 'the plugin is called: a body may have any size.',
  'body-too-deep': 'the plugin is called: a body may be nested deeper.',
  'body-no-object': '500: only an object can take the keys that the runtime adds.',
  'body-not-finite': 'the plugin is called: NaN, Infinity and -Infinity are numbers there.',
};

/** One call that got as far as its plugin. */
export interface SeenCall {
  readonly plugin: string;
  /** As the engine knows it; undefined when it is gone. */
  readonly view: Pick<EnginePlugin, 'language' | 'backend' | 'enabled'> | undefined;
  readonly isHostPath: boolean;
  readonly userId: string;
  readonly timeoutMs: number;
  readonly report: CallReport;
}

/** The line for a plugin that is not run here because it is disabled; null when there is none. */
export function lineOfDisabled(view: SeenCall['view']): string | null {
  const isIgnored = view !== undefined && !view.enabled && view.language === 'python';
  return isIgnored ? `the plugin is called: ${STANDING_REASONS.disabled}` : null;
}

/** The lines for a call that reached its plugin, or would have. */
export function linesOfCall(call: SeenCall): readonly string[] {
  // Production doesn't find it: nothing that it did here would have happened.
  const absent = lineOfAbsent(call);
  if (absent !== null) return [absent];
  const lines = CALL_RULES.map((line) => line(call)).filter((line) => line !== null);
  return [...lines, ...linesOfResult(call)];
}

type Rule = (call: SeenCall) => string | null;

const lineOfAbsent: Rule = ({ plugin, view, isHostPath }) => {
  const isFound = view?.language === 'python' && !(isHostPath && view.backend.endsWith('.backend.logic'));
  if (view === undefined || isFound) return null;
  const why = view.language === 'python' ? STANDING_REASONS.inBackend : STANDING_REASONS.notPython;
  const body = isHostPath
    ? { error: 'Plugin not found', plugin }
    : { detail: `Plugin '${plugin}' not found.` };
  return `404 ${show(body)}, ${why}`;
};

/** What its author sees when neither function is there (hosts/python/mozaiks_host_loader.py). */
const NO_FUNCTION = /^no function execute\(data\) is defined/;

const lineOfLoadFailure: Rule = ({ plugin, isHostPath, report: { result } }) => {
  if (result.kind !== 'load-failed' || isHostPath) return null;
  if (!NO_FUNCTION.test(result.message)) return `404 ${show({ detail: `Plugin '${plugin}' not found.` })}`;
  return `500 ${show({ detail: `Plugin ${plugin} has no execute() or run() method` })}`;
};

const TOO_LARGE = /^it is [\d.]+ MB as JSON/;

const lineOfInvalidResult: Rule = ({ isHostPath, report: { result } }) => {
  if (result.kind !== 'invalid' || isHostPath) return null;
  const { reason, typeName, json } = result;
  if (TOO_LARGE.test(reason)) return '200: a result may have any size.';
  if (typeName === undefined || json === null) {
    return `500 ${show({ detail: 'An internal server error occurred. Our team has been notified.' })}`;
  }
  return json === undefined ? `200, and the ${typeName} as JSON.` : `200 ${json}`;
};

const RESULT_LINES: Readonly<Record<ResultDifference, string>> = {
  awaited: '500: what a plain function returns is not awaited.',
  'pydantic-1':
    'a model of pydantic 1 is one of pydantic 2, with JSON of its own; one of pydantic.v1 answers 500.',
};

const linesOfResult = ({ isHostPath, report: { result } }: SeenCall): readonly string[] => {
  const differs = (result.kind === 'returned' && result.differs) || [];
  return differs.filter((one) => one !== 'awaited' || !isHostPath).map((one) => RESULT_LINES[one]);
};

const lineOfPluginError: Rule = ({ isHostPath, report: { result } }) => {
  if (result.kind !== 'returned' || isHostPath || !Object.hasOwn(result.value, 'error')) return null;
  const { error } = result.value;
  return `500 ${show({ detail: error ?? 'Internal Server Error' })}, without error_code and status_code.`;
};

const lineOfTimeout: Rule = ({ isHostPath, timeoutMs, report }) => {
  if (report.result.kind !== 'timeout') return null;
  if (report.pid === null) return null;
  if (isHostPath) return 'the call runs to its end: there is no timeout on this path.';
  // A call that blocked for a moment and then waited is cancelled there, too.
  if (report.blockedMs > timeoutMs / 2) {
    return 'no timeout while the event loop is blocked: the call runs to its end.';
  }
  return `500 ${show({ detail: `Plugin execution timed out after ${formatFloat(timeoutMs / 1000)} seconds` })}`;
};

const lineOfObjectId: Rule = ({ userId, report: { result } }) => {
  if (result.kind !== 'threw' || !result.message.includes('is not a valid ObjectId')) return null;
  if (!result.message.includes(userId)) return null;
  return `user_id is the 24 hex digits of a document in users (v1.0.0), not the claim ${show(userId)}.`;
};

const lineOfQueue: Rule = ({ report }) =>
  report.queued === true ? 'the call runs at once: calls of a plugin never wait for each other.' : null;

const NEW_PROCESS: Readonly<Record<NewProcess, string>> = {
  reloaded: 'the plugin was reloaded',
  restarted: 'the plugin was restarted',
  parked: 'the last one was parked while idle',
  killed: 'the last one was ended after a timeout',
  crashed: 'the last one crashed',
};

const lineOfModuleState: Rule = ({ report: { newProcess } }) => {
  if (newProcess === undefined) return null;
  return `module state lives as long as the server; this is the first call of a new process, since ${NEW_PROCESS[newProcess]}.`;
};

const lineOfEnvironment: Rule = ({ report: { withheld = [] } }) => {
  if (withheld.length === 0) return null;
  return `${withheld.join(', ')}: found if the server has it, since plugins share its environment; here .env and MOZAIKS_PLUGIN_ENV_* pass on all but the runtime’s secrets.`;
};

const lineOfHostContext: Rule = ({ isHostPath, report }) =>
  isHostPath && report.pid !== null
    ? 'no app_id, user_jwt and _entitlements on this path but those the client sends.'
    : null;

const CALL_RULES: readonly Rule[] = [
  lineOfQueue,
  lineOfLoadFailure,
  lineOfModuleState,
  lineOfHostContext,
  lineOfEnvironment,
  lineOfObjectId,
  lineOfTimeout,
  lineOfInvalidResult,
  lineOfPluginError,
];

/**
 * As JSON, whole: of a secret that is cut, no mask matches the rest. An error of a plugin may be nested too
 * deeply for JSON.stringify.
 */
function show(value: Json): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return '(nested too deeply to be shown)';
    throw error;
  }
}

/** As Python writes a float: whole numbers with `.0`. */
function formatFloat(number: number): string {
  return Number.isInteger(number) ? `${number}.0` : String(number);
}
