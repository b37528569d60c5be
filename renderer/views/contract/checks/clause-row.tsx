import { IconChevronRight } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { showControls } from '../../../components/text/format.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { clauseLineId } from '../../../state/contract/clause-list-store.ts';
import type { ShownClause } from '../../../state/contract/contract-model.ts';
import { CheckEvidence, ClauseRule } from './check-evidence.tsx';
import classes from './clause-list.module.css';
import { ClauseMark } from './clause-mark.tsx';
import { formatReason } from './format-run.ts';
import { ClauseAgain } from './run-again.tsx';

export interface ClauseRowProps {
  readonly row: ShownClause;
  /** The line that Tab reaches. */
  readonly tabStop: string | null;
  readonly readOnly: string | null;
}

/** One clause: verdict, title, severity and reason; expands to rule, expected, observed and exchanges. */
export function ClauseRow({ row: { clause, check, state }, tabStop, readOnly }: ClauseRowProps) {
  const { clauseList } = useStores();
  const open = useStore(clauseList.store, ({ opened }) => opened.has(clause.id));
  const line = clauseLineId(clause.id);
  return (
    <li className={classes.clause} data-state={state}>
      <button
        type="button"
        id={line}
        className={classes.clauseHead}
        aria-expanded={open}
        tabIndex={tabStop === line ? 0 : -1}
        onFocus={() => clauseList.setActive(line)}
        onClick={() => clauseList.toggleClause(clause.id)}
      >
        <IconChevronRight size={14} aria-hidden className={classes.chevron} data-open={open || undefined} />
        <span className={classes.mark}>
          <ClauseMark state={state} />
        </span>
        <span className={classes.title}>{showControls(clause.title)}</span>
        <span className={classes.severity} data-severity={clause.severity}>
          {clause.severity}
        </span>
        <span className={classes.reason}>{check === null ? '' : formatReason(check.reason)}</span>
      </button>
      {open && (
        <div className={classes.opened}>
          <ClauseRule clause={clause}>
            <ClauseAgain clause={clause.id} readOnly={readOnly} />
          </ClauseRule>
          <CheckEvidence clause={clause} check={check} />
        </div>
      )}
    </li>
  );
}
