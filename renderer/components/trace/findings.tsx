import { IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Finding, FindingRule } from '../../../main/contract/finding.ts';
import type { Trace } from '../../../main/contract/trace.ts';
import { childKey } from '../../state/traces/child-rows.ts';
import { showControls } from '../text/format.ts';
import { useStores } from '../use-stores.tsx';
import classes from './findings.module.css';

/** Each rule in short; a finding's own text says what and why. */
export const RULE_LABELS: Readonly<Record<FindingRule, string>> = {
  'not-scoped': 'Not scoped',
  'other-user': 'Another user',
  blocking: 'Blocking',
  raised: 'Raised',
  'repeated-query': 'Repeated query',
  unawaited: 'Not awaited',
};

/** What rules found in a call, as notes: nothing went wrong here. Nothing where they found nothing. */
export function Findings({ trace }: { readonly trace: Trace }) {
  const { findings = [] } = trace;
  if (findings.length === 0) return null;
  return (
    <ul className={classes.list} aria-label="Findings">
      {findings.map((finding, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: findings of one trace never move
        <li key={at} className={classes.finding}>
          <IconInfoCircle size={14} stroke={1.75} aria-hidden className={classes.icon} />
          <span className={classes.text}>
            <span className={classes.rule}>{RULE_LABELS[finding.rule]}:</span> {showControls(finding.text)}{' '}
            <ShowCause trace={trace} finding={finding} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Leads to the command that a finding is about. */
function ShowCause({ trace, finding }: { readonly trace: Trace; readonly finding: Finding }): ReactNode {
  const { childList } = useStores();
  const { child: at } = finding;
  const child = at === undefined ? undefined : trace.children?.[at];
  if (at === undefined || child === undefined) return null;
  const name = child.kind === 'database' ? `${child.command} ${child.collection ?? ''}`.trim() : child.method;
  return (
    <button type="button" className={classes.link} onClick={() => childList.reveal(trace.id, childKey(at))}>
      Show {showControls(name)}
    </button>
  );
}
