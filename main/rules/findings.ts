import type { Finding } from '../contract/finding.ts';
import type { JudgedCall } from './judged-call.ts';
import { findRepeated } from './repeated-query.ts';
import { findScope } from './scope.ts';

/**
 * What rules find in one call. Pure, in time that grows as the call's queries do, and sure of an answer whatever a
 * plugin's process tells of them.
 */
export function findIn(call: JudgedCall): readonly Finding[] {
  const found = RULES.flatMap((rule) => rule(call));
  return found.slice(0, MAX_FINDINGS);
}

/** Of one call. The gravest come first. */
const MAX_FINDINGS = 20;

type Rule = (call: JudgedCall) => readonly Finding[];

const findBlocking: Rule = ({ language, blockedMs }) => {
  if (blockedMs < MIN_BLOCKED_MS) return [];
  const who = language === 'python' ? 'in production all users wait' : "the plugin's other calls wait";
  return [
    whole('blocking', `Blocked the event loop for ${(blockedMs / 1000).toFixed(2)} s: ${who} meanwhile.`),
  ];
};

const MIN_BLOCKED_MS = 50;

const findRaised: Rule = ({ thrown }) => {
  if (thrown === null) return [];
  const [line = ''] = thrown.message.trimStart().split('\n', 1);
  // Of Python's exceptions the message alone may be no more than a name: KeyError's.
  const named = thrown.stack?.split('\n').find((one) => one.endsWith(`: ${line}`) && WITH_TYPE.test(one));
  return [whole('raised', `Raised an exception instead of returning {"error": …}: ${named ?? line}`)];
};

const WITH_TYPE = /^[A-Za-z_][\w.]*: /;

const findUnawaited: Rule = ({ unawaited }) =>
  unawaited.map((name) => whole('unawaited', `Never awaited: ${name}. What it does was not done.`));

/** About the call as a whole. */
function whole(rule: Finding['rule'], text: string): Finding {
  return { rule, text, collection: null };
}

const RULES: readonly Rule[] = [findScope, findBlocking, findRaised, findRepeated, findUnawaited];
