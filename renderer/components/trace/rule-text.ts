import type { Finding, FindingCount, FindingRule } from '../../../main/contract/finding.ts';
import { plural } from '../text/format.ts';

/** What so many calls did; a single finding's own text says what and why. */
const CALLS_DID: Readonly<Record<FindingRule, string>> = {
  'not-scoped': 'not scoped',
  'other-user': 'scoped to another user',
  blocking: 'blocked the event loop',
  raised: 'raised instead of returning an error',
  'repeated-query': 'repeated a query',
  unawaited: 'left a coroutine unawaited',
};

/** "3 calls not scoped on tasks" */
export function describeCount({ rule, collection, calls }: FindingCount): string {
  const what = `${plural(calls, 'call')} ${CALLS_DID[rule]}`;
  return collection === null ? what : `${what} on ${collection}`;
}

/** The collection that muting would silence it for; null where muting changes nothing. */
export function mutableCollection({ rule, collection }: Pick<Finding, 'rule' | 'collection'>): string | null {
  return rule === 'not-scoped' ? collection : null;
}
