import { IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { CheckResult, Clause, ExchangeView } from '../../../../main/contract/conformance.ts';
import { CodeBlock } from '../../../components/text/code-block.tsx';
import { formatDuration, showControls } from '../../../components/text/format.ts';
import { HeadersTable } from '../../../components/trace/headers-table.tsx';
import { statusText } from '../../../components/trace/status-text.ts';
import classes from './check-evidence.module.css';
import { formatReason } from './format-run.ts';

const MAX_HEIGHT = 200;

/** The sentence of the contract that a clause tests, and where it is. */
export function ClauseRule({ clause, children }: { readonly clause: Clause; readonly children?: ReactNode }) {
  return (
    <div className={classes.ruleLine}>
      <p className={classes.rule}>
        {showControls(clause.rule)} <span className={classes.place}>{showControls(clause.place)}</span>
      </p>
      {children}
    </div>
  );
}

/** The evidence for a verdict: expected beside observed, on which runtime, each request and its answer. */
export function CheckEvidence({
  clause,
  check,
}: {
  readonly clause: Clause;
  readonly check: CheckResult | null;
}) {
  return (
    <div className={classes.evidence}>
      <div className={classes.pair}>
        <Part title="Expected">
          <span className={classes.outcome}>{showControls(clause.expected)}</span>
        </Part>
        <Part title="Observed">
          <Observed check={check} />
        </Part>
      </div>
      {check !== null && <Verdict check={check} />}
      {check !== null && <Exchanges exchanges={check.exchanges} />}
    </div>
  );
}

export function Observed({ check }: { readonly check: CheckResult | null }) {
  if (check === null) return <span className={classes.none}>not checked yet</span>;
  if (check.observed === '') return <span className={classes.none}>nothing</span>;
  return (
    <span className={classes.outcome} data-verdict={check.verdict}>
      {showControls(check.observed)}
    </span>
  );
}

/** The reason for the verdict, and which runtime was checked where it was not the target itself. */
export function Verdict({ check: { reason, stage, durationMs, verdict } }: { readonly check: CheckResult }) {
  return (
    <p className={classes.verdict} data-verdict={verdict}>
      {reason !== '' && <span className={classes.why}>{formatReason(reason)}</span>}
      {stage !== null && <span>Checked on {showControls(stage)}</span>}
      {verdict !== 'skipped' && <span className="tabular">{formatDuration(durationMs)}</span>}
    </p>
  );
}

interface ExchangesProps {
  readonly exchanges: readonly ExchangeView[];
  /** The answer is below the request. */
  readonly stacked?: boolean;
}

/** A single exchange is shown; of several, each is a line that expands. */
export function Exchanges({ exchanges, stacked = false }: ExchangesProps) {
  const [first] = exchanges;
  if (first === undefined) return null;
  if (exchanges.length === 1) {
    return (
      <div data-stacked={stacked || undefined}>
        <Exchange exchange={first} />
      </div>
    );
  }
  return (
    <ol className={classes.exchanges} data-stacked={stacked || undefined}>
      {exchanges.map((exchange, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: exchanges have no other identity than their position
        <FoldedExchange key={index} number={index + 1} exchange={exchange} />
      ))}
    </ol>
  );
}

function FoldedExchange({ number, exchange }: { readonly number: number; readonly exchange: ExchangeView }) {
  const [open, setOpen] = useState(false);
  const { request, answer, durationMs } = exchange;
  return (
    <li className={classes.exchange}>
      <button
        type="button"
        className={classes.exchangeHead}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <IconChevronRight size={13} aria-hidden className={classes.chevron} data-open={open || undefined} />
        <span className={classes.number}>{number}</span>
        <span className={classes.line}>{showControls(request.split('\n', 1)[0] ?? '')}</span>
        <span className={classes.status}>{formatStatus(answer)}</span>
        <span className={classes.took}>{formatDuration(durationMs)}</span>
      </button>
      {open && <Exchange exchange={exchange} />}
    </li>
  );
}

function Exchange({ exchange: { request, answer } }: { readonly exchange: ExchangeView }) {
  return (
    <div className={classes.sent}>
      <Part title="Request">
        <CodeBlock text={request} wrap maxHeight={MAX_HEIGHT} copyLabel="Copy request" />
      </Part>
      <Part title={`Answer: ${formatStatus(answer)}`}>
        {answer !== null && (
          <>
            <HeadersTable headers={answer.headers} checkVersion />
            {answer.body !== '' && (
              <CodeBlock text={answer.body} wrap maxHeight={MAX_HEIGHT} copyLabel="Copy body" />
            )}
          </>
        )}
      </Part>
    </div>
  );
}

function formatStatus(answer: ExchangeView['answer']): string {
  return answer === null ? 'none' : `${answer.status} ${statusText(answer.status)}`.trim();
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={classes.part}>
      <h2 className={classes.partTitle}>{title}</h2>
      {children}
    </section>
  );
}
