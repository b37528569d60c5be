import { CONTRACT_VERSION, ROUTES } from '../../contract/http.ts';
import type { Observed } from '../run/exchange.ts';
import { NO_CALLER } from '../target/target.ts';
import { evaluateTests, type Fields, formatAnswer, isString, parseBody, toFields } from './answers.ts';
import {
  type ClauseCheck,
  type ClausesOf,
  type ClauseVerdict,
  differs,
  failed,
  inconclusive,
  onProbeOrSelf,
  passed,
  type VariantClauseCheck,
} from './check.ts';
import { all, asCaller, bearer, canCall, execution, fresh, get } from './requests.ts';

/** What the runtime reveals about itself to any client (CONTRACT.md §2). */

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** One GET without a token, checked by its status and fields. */
function onGet(path: string, tests: (body: Fields, status: number) => Record<string, boolean>): ClauseCheck {
  return {
    send: () => [get(path)],
    evaluate: ([answer]) =>
      evaluateTests(formatAnswer(answer), tests(parseBody(answer), answer?.status ?? 0)),
  };
}

const appTests = ({ app_id, app_tier }: Fields) => ({
  'app_id is a string': isString(app_id),
  'app_tier is a string': isString(app_tier),
});

/**
 * Whether a listed plugin would execute now; null, unknown, where its newest version doesn't load: an earlier
 * one may still serve.
 */
function wouldExecute(entry: unknown): boolean | null {
  const { enabled, status } = toFields(entry);
  if (enabled === false || status === 'disabled') return false;
  return ['failed', 'quarantined', 'loading'].includes(String(status)) ? null : true;
}

/** What /health counts and the list names; inconclusive where either is missing. */
function readCount(
  health: Observed | undefined,
  list: Observed | undefined,
): { readonly count: number; readonly plugins: readonly unknown[] } | ClauseVerdict {
  const { plugins_loaded: count } = parseBody(health);
  const { plugins } = parseBody(list);
  if (!isCount(count))
    return inconclusive(formatAnswer(health), 'there is no count; see health.plugins-loaded');
  if (!Array.isArray(plugins)) return inconclusive(formatAnswer(list), 'there is no list; see plugins.list');
  return { count, plugins };
}

const COUNTS: ClauseCheck = {
  send: (context) => all(fresh(get(ROUTES.health)), fresh(asCaller(context, ROUTES.plugins))),
  evaluate([health, list]) {
    const found = readCount(health, list);
    if ('verdict' in found) return found;
    const { count, plugins } = found;
    const runnable = plugins.map(wouldExecute);
    const least = runnable.filter((would) => would === true).length;
    const most = least + runnable.filter((would) => would === null).length;
    const listed = least === most ? `${least}` : `${least} to ${most}`;
    const observed = `plugins_loaded is ${count}; of the listed plugins ${listed} would execute`;
    if (count >= least && count <= most) return passed(observed);
    return failed(observed, `plugins_loaded is ${count}, but ${listed} of the listed plugins would execute`);
  },
};

/** Beside the probe there is a plugin that doesn't load; another target may list one. */
const NOT_LOADED = onProbeOrSelf({
  send(context) {
    const { failing, allowDisruptive } = context;
    if (failing === null) return { skip: 'the target lists no plugin that fails to load' };
    // An older version of it may still serve: then the call runs that.
    if (!allowDisruptive) return { skip: `would call the plugin ${failing}; allow it with --disruptive` };
    if (!canCall(context)) return { skip: NO_CALLER };
    const call = execution(context, failing, '{}', bearer(context));
    return all(fresh(get(ROUTES.health)), fresh(asCaller(context, ROUTES.plugins)), fresh(call));
  },
  evaluate([health, list, call], { failing }) {
    const found = readCount(health, list);
    if ('verdict' in found) return found;
    const { count, plugins } = found;
    if (call?.status === 200) {
      return inconclusive(formatAnswer(call), `${failing} answers: an older version of it still serves`);
    }
    const enabled = plugins.filter((entry) => wouldExecute(entry) !== false).length;
    const observed = `plugins_loaded is ${count} of ${enabled} enabled plugins; ${failing}: ${formatAnswer(call)}`;
    if (count < enabled) return passed(observed);
    return failed(observed, `plugins_loaded is ${count}, as if ${failing} would execute`);
  },
});

const ROOT: ClauseCheck = {
  send: () => [get(ROUTES.root)],
  evaluate([answer]) {
    const { message, version } = parseBody(answer);
    const tests = { 'status 200': answer?.status === 200, 'message is a string': isString(message) };
    const isOlderSpelling = isString(version) && /^1\.0(\.\d+)?$/.test(version);
    if (version === CONTRACT_VERSION || !isOlderSpelling || Object.values(tests).includes(false)) {
      return evaluateTests(formatAnswer(answer), {
        ...tests,
        'version is "1.0.0"': version === CONTRACT_VERSION,
      });
    }
    return differs(
      formatAnswer(answer),
      `version is "${version}"; some implementations write 1.0 or a later 1.0.x`,
    );
  },
};

/** A path without the names of its parameters. */
function templateOf(path: string): string {
  return path.replace(/:\w+|\{[^}]*\}/g, '{}');
}

const OPENAPI: ClauseCheck = {
  send: () => [get(ROUTES.openapi)],
  evaluate([answer], { executeRoute }) {
    const { openapi, paths } = parseBody(answer);
    const observed = `${answer?.status}, openapi: ${JSON.stringify(openapi) ?? 'missing'}, ${Object.keys(toFields(paths)).length} paths`;
    const route = templateOf(executeRoute);
    const describesExecute = Object.keys(toFields(paths)).some((path) => templateOf(path) === route);
    const tests = { 'status 200': answer?.status === 200, 'the execute path is described': describesExecute };
    const isOlder = isString(openapi) && /^3\.0/.test(openapi) && !Object.values(tests).includes(false);
    if (isOlder) return differs(observed, 'The document is OpenAPI 3.0, which older frameworks generate');
    return evaluateTests(observed, {
      ...tests,
      'openapi is 3.1': isString(openapi) && /^3\.1/.test(openapi),
    });
  },
};

export const HEALTH_CLAUSES: ClausesOf<'health', ClauseCheck | VariantClauseCheck> = {
  'health.status': onGet(ROUTES.health, (body, status) => ({
    'status 200': status === 200,
    'status is "healthy"': body.status === 'healthy',
  })),
  'health.app': onGet(ROUTES.health, appTests),
  'health.plugins-loaded': onGet(ROUTES.health, ({ plugins_loaded }) => ({
    'plugins_loaded is an integer ≥ 0': isCount(plugins_loaded),
  })),
  'health.counts': COUNTS,
  'health.not-loaded': NOT_LOADED,
};

export const STATE_CLAUSES: ClausesOf<'ready' | 'info' | 'root' | 'openapi'> = {
  'ready.body': onGet(ROUTES.ready, (body, status) => ({
    'status 200': status === 200,
    'status is "ready"': body.status === 'ready',
    ...appTests(body),
  })),
  'info.body': onGet(ROUTES.info, (body, status) => ({
    'status 200': status === 200,
    ...appTests(body),
    'app_name is a string': isString(body.app_name),
    'port is an integer': isCount(body.port),
    'ready is true or false': typeof body.ready === 'boolean',
  })),
  'root.body': ROOT,
  'openapi.document': OPENAPI,
};
