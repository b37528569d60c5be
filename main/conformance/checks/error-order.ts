import { ROUTES } from '../../contract/http.ts';
import type { Exchange, Observed } from '../run/exchange.ts';
import type { CheckContext } from '../target/target.ts';
import { type ClauseCheck, failed, inconclusive, passed } from './check.ts';
import { oversizedBody } from './common-requests.ts';
import {
  authorization,
  BAD_TOKEN,
  bearer,
  canCall,
  execution,
  get,
  isPluginHost,
  isSkip,
  refusedExecution,
  UNKNOWN_PLUGIN,
} from './requests.ts';

/**
 * Which of two faults in a request is reported (CONTRACT.md §2: 401, 404, 413, 400, run; by the plugin host's
 * path 401, 413, 400, 404). Other clauses check how each fault alone is answered: a pair is checked only where
 * its first fault alone was answered correctly.
 */
interface Pair {
  readonly faults: string;
  readonly status: number;
  /** Has the first fault alone. */
  readonly single: Exchange;
  readonly both: Exchange;
}

export const BROKEN_JSON = '{"a":';

function createPairs(context: CheckContext): readonly Pair[] {
  const refused = authorization(BAD_TOKEN);
  const broken = refusedExecution(context, BROKEN_JSON);
  const isBodyFirst = isPluginHost(context) && !isSkip(broken);
  const token: Pair = {
    faults: `a bad token${isBodyFirst ? ' and broken JSON' : ''} for an unknown plugin`,
    status: 401,
    single: get(ROUTES.plugins, refused),
    both: execution(context, UNKNOWN_PLUGIN, isBodyFirst ? BROKEN_JSON : '{}', refused),
  };
  if (!canCall(context)) return [token];
  const plugin: Pair = {
    faults: 'broken JSON for an unknown plugin',
    status: isBodyFirst ? 400 : 404,
    single: isBodyFirst ? broken : execution(context, UNKNOWN_PLUGIN, '{}', bearer(context)),
    both: execution(context, UNKNOWN_PLUGIN, BROKEN_JSON, bearer(context)),
  };
  const single = refusedExecution(context, oversizedBody(context));
  const both = refusedExecution(context, oversizedBody(context).slice(0, -1));
  if (isSkip(single) || isSkip(both)) return [token, plugin];
  return [token, plugin, { faults: 'broken JSON over the limit', status: 413, single, both }];
}

export const ORDER: ClauseCheck = {
  send: (context) => createPairs(context).flatMap(({ single, both }) => [single, both]),
  evaluate(answers, context) {
    const seen = createPairs(context).map((pair, index) => seePair(pair, answers.slice(2 * index)));
    const testable = seen.filter(({ isTestable }) => isTestable);
    const observed = testable.map(({ text }) => text).join('; ');
    if (testable.length === 0) return inconclusive('', 'single faults are not answered correctly');
    const wrong = testable.filter(({ isInOrder }) => !isInOrder);
    if (wrong.length === 0) return passed(observed);
    return failed(observed, `Wrong order: ${wrong.map(({ text }) => text).join('; ')}`);
  },
};

function seePair({ faults, status }: Pair, [single, both]: readonly Observed[]) {
  const text = `${both?.status} for ${faults}`;
  return { text, isTestable: single?.status === status, isInOrder: both?.status === status };
}
