import type { DatabaseCommand } from '../../main/contract/child-span.ts';
import type { Finding } from '../../main/contract/finding.ts';
import type { ChildScope } from '../../main/contract/host.ts';
import { findIn } from '../../main/rules/findings.ts';
import type { JudgedCall, JudgedChild } from '../../main/rules/judged-call.ts';

/** Calls for rules to look at, as a plugin's process tells of them. */

interface MadeQuery extends ChildScope {
  readonly command?: string;
  readonly collection?: string | null;
  /** As the trace shows it; default: the scope's. */
  readonly shown?: unknown;
}

export function query({ command = 'find', collection = 'tasks', shown, ...scope }: MadeQuery): JudgedChild {
  const text = JSON.stringify(shown ?? scope.filter ?? scope.documents ?? null);
  const work: DatabaseCommand = {
    kind: 'database',
    command,
    database: 'MozaiksCore',
    collection,
    filter: text === 'null' ? null : text,
    documents: null,
  };
  return Object.keys(scope).length === 0 ? { work } : { work, scope: JSON.stringify(scope) };
}

export function findings(
  children: readonly JudgedChild[],
  more: Partial<Omit<JudgedCall, 'children'>> = {},
): readonly Finding[] {
  return findIn({
    userId: 'ada',
    language: 'python',
    thrown: null,
    blockedMs: 0,
    unawaited: [],
    droppedChildren: 0,
    isMuted: () => false,
    ...more,
    children,
  });
}

export function rulesIn(children: readonly JudgedChild[]): readonly Finding['rule'][] {
  return findings(children).map(({ rule }) => rule);
}
