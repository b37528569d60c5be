import { IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import type { CheckView } from '../../../main/contract/conformance.ts';
import { HEADERS } from '../../../main/contract/http.ts';
import { showControls } from '../../components/format.ts';
import { VerdictMark } from '../../components/mark.tsx';
import { CheckEvidence } from './check-evidence.tsx';
import { type HeaderRow, headerRow } from './contract-model.ts';
import classes from './contract-screen.module.css';

/** The version header on every kind of answer: which route, what was expected, what was there. */
export function HeaderTable({ checks }: { readonly checks: readonly CheckView[] }) {
  return (
    <table className={classes.headers}>
      <thead>
        <tr>
          <th scope="col">Answer to</th>
          <th scope="col">Expected</th>
          <th scope="col">Observed</th>
          <th scope="col">{HEADERS.runtimeVersion}</th>
        </tr>
      </thead>
      <tbody>
        {checks.map((check) => (
          <HeaderRows key={check.id} row={headerRow(check)} />
        ))}
      </tbody>
    </table>
  );
}

function HeaderRows({ row }: { readonly row: HeaderRow }) {
  const { check } = row;
  const [open, setOpen] = useState(check.verdict === 'failed');
  return (
    <>
      <tr data-verdict={check.verdict}>
        <td>
          <button type="button" className={classes.route} aria-expanded={open} onClick={() => setOpen(!open)}>
            <IconChevronRight
              size={14}
              aria-hidden
              className={classes.chevron}
              data-open={open || undefined}
            />
            <span>{showControls(check.title)}</span>
            {row.request !== '' && row.request !== check.title && (
              <span className={classes.request}>{showControls(row.request)}</span>
            )}
          </button>
        </td>
        <td>{answerWords(row.expectedStatus, row.expectedVersion)}</td>
        <td>{check.verdict === 'skipped' ? '–' : observedWords(row)}</td>
        <td>
          <VerdictMark verdict={check.verdict} word={verdictWords(row)} />
        </td>
      </tr>
      {open && (
        <tr>
          <td colSpan={4} className={classes.opened}>
            <CheckEvidence check={check} />
          </td>
        </tr>
      )}
    </>
  );
}

function observedWords({ observedStatus, observedVersion }: HeaderRow): string {
  if (observedStatus === null) return 'no answer';
  return answerWords(observedStatus, observedVersion ?? 'no header');
}

function answerWords(status: number | null, version: string): string {
  return status === null ? version : `${status} · ${version}`;
}

function verdictWords({ check }: HeaderRow): string {
  if (check.verdict === 'passed') return 'there';
  return check.reason;
}
