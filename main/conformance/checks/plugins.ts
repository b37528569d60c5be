import { ROUTES } from '../../contract/http.ts';
import type { Observed } from '../run/exchange.ts';
import { type CheckContext, NO_CALLER } from '../target/target.ts';
import { evaluateError, evaluateTests, formatAnswer, isString, parseBody, toFields } from './answers.ts';
import {
  type ClauseCheck,
  type ClausesOf,
  differs,
  failed,
  inconclusive,
  onProbeOrSelf,
  passed,
  type VariantClauseCheck,
} from './check.ts';
import { all, asCaller, bearer, canCall, execution, fresh, UNKNOWN_PLUGIN } from './requests.ts';

/** What a caller can learn about the plugins (CONTRACT.md §2). */

function findList(answer: Observed | undefined): readonly unknown[] | null {
  const { plugins } = parseBody(answer);
  return Array.isArray(plugins) ? plugins : null;
}

const STRING_KEYS = ['name', 'display_name', 'description', 'version', 'backend', 'status'] as const;

const LIST: ClauseCheck = {
  send: (context) => all(asCaller(context, ROUTES.plugins)),
  evaluate([answer]) {
    const list = findList(answer);
    if (answer?.status !== 200 || list === null) {
      return evaluateTests(formatAnswer(answer), {
        'status 200': answer?.status === 200,
        'plugins is a list': list !== null,
      });
    }
    if (list.length === 0)
      return inconclusive(formatAnswer(answer), 'the list is empty, so no entry could be checked');
    const entries = list.map(toFields);
    const keys = STRING_KEYS.map((key) => [
      `${key} is a string`,
      entries.every((entry) => isString(entry[key])),
    ]);
    return evaluateTests(formatAnswer(answer), {
      ...Object.fromEntries(keys),
      'enabled is true or false': entries.every(({ enabled }) => typeof enabled === 'boolean'),
    });
  },
};

const inOrder = (names: readonly string[]) => names.every((name, index) => (names[index - 1] ?? '') <= name);

const SORTED: ClauseCheck = {
  send: (context) => all(asCaller(context, ROUTES.plugins)),
  evaluate([answer]) {
    const list = findList(answer);
    if (list === null) return inconclusive(formatAnswer(answer), 'there is no list; see plugins.list');
    const names = list.map((entry) => String(toFields(entry).name));
    const observed = names.join(', ');
    if (names.length === 0)
      return inconclusive(observed, 'the list is empty, so its order could not be checked');
    if (inOrder(names)) return passed(observed, names.length === 1 ? 'One plugin is listed' : undefined);
    return inOrder(names.map((name) => name.toLowerCase()))
      ? differs(observed, 'The list is sorted case-insensitively')
      : failed(observed, 'The names are not in order');
  },
};

const ALIAS: ClauseCheck = {
  send: (context) =>
    all(
      fresh(asCaller(context, ROUTES.plugins)),
      fresh(asCaller(context, ROUTES.availablePlugins)),
      fresh(asCaller(context, ROUTES.plugins)),
    ),
  evaluate([before, alias, after]) {
    const observed = `${ROUTES.plugins}: ${before?.status}, ${before?.body.length} characters; ${ROUTES.availablePlugins}: ${formatAnswer(alias)}`;
    if (before?.status !== 200 || findList(before) === null) {
      return inconclusive(observed, 'there is no list; see plugins.list');
    }
    // A plugin may have been loaded in between.
    const isSame = alias?.body === before.body || alias?.body === after?.body;
    return evaluateTests(observed, {
      'status 200': alias?.status === 200,
      'the same bytes at both paths': isSame,
    });
  },
};

/** Whether the caller may execute the plugin that `pick` names. */
function access(pick: (context: CheckContext) => string | null): ClauseCheck {
  return {
    send(context) {
      const name = pick(context);
      if (name === null) return { skip: 'the target lists no plugin that would execute' };
      return all(asCaller(context, ROUTES.checkPluginAccess.replace(':name', name)));
    },
    evaluate([answer], context) {
      const { plugin, access: may } = parseBody(answer);
      return evaluateTests(formatAnswer(answer), {
        'status 200': answer?.status === 200,
        'plugin is its name': plugin === pick(context),
        'access is true': may === true,
      });
    },
  };
}

/** In the variant with the probe such a folder lies beside it; elsewhere it may not exist at all. */
const REGISTRY = onProbeOrSelf({
  send: (context) =>
    canCall(context)
      ? ['registry', 'Registry'].map((name) => execution(context, name, '{}', bearer(context)))
      : { skip: NO_CALLER },
  evaluate(answers, context) {
    const verdicts = answers.map((answer) =>
      evaluateError(answer, context, { status: 404, code: 'NOT_FOUND' }),
    );
    const [first = inconclusive('', 'no answer')] = verdicts;
    return verdicts.find(({ verdict }) => verdict === 'failed') ?? first;
  },
});

export const PLUGIN_CLAUSES: ClausesOf<'plugins', ClauseCheck | VariantClauseCheck> = {
  'plugins.list': LIST,
  'plugins.sorted': SORTED,
  'plugins.alias': ALIAS,
  'plugins.access': access(({ plugin }) => plugin),
  'plugins.access-unknown': access(() => UNKNOWN_PLUGIN),
  'plugins.registry': REGISTRY,
};
