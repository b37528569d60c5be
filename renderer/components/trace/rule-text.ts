import type { Finding, FindingCount, FindingRule } from '../../../main/contract/finding.ts';
import { plural } from '../text/format.ts';

interface RuleLook {
  readonly label: string;
  /** What so many calls did: "3 calls not scoped". */
  readonly did: string;
}

/** Each rule in short; a finding's own text says what and why. */
const RULES: Readonly<Record<FindingRule, RuleLook>> = {
  'not-scoped': { label: 'Not scoped', did: 'not scoped' },
  'other-user': { label: 'Another user', did: 'scoped to another user' },
  blocking: { label: 'Blocking', did: 'blocked the event loop' },
  raised: { label: 'Raised', did: 'raised instead of returning an error' },
  'repeated-query': { label: 'Repeated query', did: 'repeated a query' },
  unawaited: { label: 'Not awaited', did: 'left a coroutine unawaited' },
};

export function ruleLabel(rule: FindingRule): string {
  return RULES[rule].label;
}

/** "3 calls not scoped on tasks" */
export function describeCount({ rule, collection, calls }: FindingCount): string {
  const what = `${plural(calls, 'call')} ${RULES[rule].did}`;
  return collection === null ? what : `${what} on ${collection}`;
}

/** The collection that muting would silence it for; null where muting changes nothing. */
export function mutableCollection({ rule, collection }: Pick<Finding, 'rule' | 'collection'>): string | null {
  return rule === 'not-scoped' ? collection : null;
}
