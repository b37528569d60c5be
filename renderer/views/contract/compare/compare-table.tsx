import { IconChevronRight } from '@tabler/icons-react';
import { type KeyboardEvent, useState } from 'react';
import type { CheckResult, ConformanceReport } from '../../../../main/contract/conformance.ts';
import { showControls } from '../../../components/text/format.ts';
import { VerdictMark } from '../../../components/text/mark.tsx';
import { ClauseRule, Exchanges, Observed, Verdict } from '../checks/check-evidence.tsx';
import { formatMoment, formatReason, formatTarget } from '../checks/format-run.ts';
import { type ComparedClause, type ComparedGroup, formatDiffering } from './compare-model.ts';
import classes from './compare-view.module.css';

export interface CompareTableProps {
  readonly groups: readonly ComparedGroup[];
  readonly a: ConformanceReport;
  readonly b: ConformanceReport;
}

/** Clause by clause, the verdict of each run; a row expands to the evidence of both. */
export function CompareTable({ groups, a, b }: CompareTableProps) {
  return (
    <table className={classes.table} onKeyDown={handleTableKey}>
      <thead>
        <tr>
          <th scope="col">Clause</th>
          <SideHead name="A" report={a} />
          <SideHead name="B" report={b} />
        </tr>
      </thead>
      {groups.map((group) => (
        <tbody key={group.name}>
          <tr>
            <th scope="rowgroup" colSpan={3} className={classes.group}>
              {showControls(group.name)}
              {group.differing > 0 && (
                <span className={classes.count}>{formatDiffering(group.differing)}</span>
              )}
            </th>
          </tr>
          {group.rows.map((row) => (
            <Row key={row.clause.id} row={row} />
          ))}
        </tbody>
      ))}
    </table>
  );
}

function SideHead({ name, report }: { readonly name: 'A' | 'B'; readonly report: ConformanceReport }) {
  return (
    <th scope="col" className={classes.sideHead}>
      <span className={classes.letter} data-name={name}>
        {name}
      </span>{' '}
      {showControls(formatTarget(report))} <span className={classes.dim}>{formatMoment(report.at)}</span>
    </th>
  );
}

function Row({ row: { clause, a, b, differs } }: { readonly row: ComparedClause }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <tr data-differs={differs || undefined} className={classes.row}>
        <td>
          <button
            type="button"
            className={classes.clause}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            <IconChevronRight
              size={14}
              aria-hidden
              className={classes.chevron}
              data-open={open || undefined}
            />
            <span className={classes.title}>{showControls(clause.title)}</span>
            {clause.severity === 'should' && <span className={classes.dim}>should</span>}
            {differs && <span className={classes.differs}>≠</span>}
          </button>
        </td>
        <Side check={a} />
        <Side check={b} />
      </tr>
      {open && (
        <tr>
          <td colSpan={3} className={classes.opened}>
            <ClauseRule clause={clause} />
            <p className={classes.expected}>
              <span className={classes.dim}>Expected</span>{' '}
              <span className="mono">{showControls(clause.expected)}</span>
            </p>
            <div className={classes.pair}>
              <Evidence name="A" check={a} />
              <Evidence name="B" check={b} />
            </div>
          </td>
        </tr>
      )}
    </>
  );
}

function Side({ check }: { readonly check: CheckResult | null }) {
  if (check === null) return <td className={classes.dim}>not in this edition</td>;
  const quiet = check.verdict === 'passed';
  return (
    <td>
      <span className={classes.verdict}>
        <VerdictMark verdict={check.verdict} />
        {!quiet && (
          <span className={classes.reason} title={check.reason}>
            {formatReason(check.reason)}
          </span>
        )}
      </span>
    </td>
  );
}

function Evidence({ name, check }: { readonly name: 'A' | 'B'; readonly check: CheckResult | null }) {
  return (
    <section className={classes.evidence} aria-label={`Run ${name}`}>
      <h2 className={classes.evidenceHead}>
        <span className={classes.letter} data-name={name}>
          {name}
        </span>
        {check !== null && <VerdictMark verdict={check.verdict} />}
      </h2>
      {check === null ? (
        <p className={classes.dim}>This run’s edition of the clauses does not contain it.</p>
      ) : (
        <>
          <Observed check={check} />
          <Verdict check={check} />
          <Exchanges exchanges={check.exchanges} stacked />
        </>
      )}
    </section>
  );
}

/** Arrows move from row to row. */
function handleTableKey(event: KeyboardEvent<HTMLTableElement>): void {
  const lines = [...event.currentTarget.querySelectorAll<HTMLElement>(`.${classes.clause}`)];
  const at = lines.indexOf(event.target as HTMLElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (at < 0 || step === undefined) return;
  event.preventDefault();
  lines[at + step]?.focus();
}
