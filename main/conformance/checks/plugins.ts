import { ROUTES } from '../../contract/http.ts';
import type { Observed } from '../run/exchange.ts';
import { evaluateTests, formatAnswer, isString, parseBody, toFields } from './answers.ts';
import { type ClauseCheck, type ClausesOf, differs, failed, inconclusive, passed } from './check.ts';
import { all, asCaller, fresh, UNKNOWN_PLUGIN } from './requests.ts';

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

const ACCESS: ClauseCheck = {
  send: (context) =>
    context.plugin === null
      ? { skip: 'the target lists no plugin that would execute' }
      : all(asCaller(context, accessPath(context.plugin)), asCaller(context, accessPath(UNKNOWN_PLUGIN))),
  evaluate([answer, unknown], { plugin }) {
    const [body, other] = [parseBody(answer), parseBody(unknown)];
    const observed = `${formatAnswer(answer)}; for ${UNKNOWN_PLUGIN} ${formatAnswer(unknown)}`;
    return evaluateTests(observed, {
      'status 200': answer?.status === 200,
      'plugin is its name': body.plugin === plugin,
      'access is true': body.access === true,
      'the same for an unknown name':
        unknown?.status === 200 && other.plugin === UNKNOWN_PLUGIN && other.access === true,
    });
  },
};

function accessPath(plugin: string): string {
  return ROUTES.checkPluginAccess.replace(':name', plugin);
}

export const PLUGIN_CLAUSES: ClausesOf<'plugins'> = {
  'plugins.list': LIST,
  'plugins.sorted': SORTED,
  'plugins.alias': ALIAS,
  'plugins.access': ACCESS,
};
