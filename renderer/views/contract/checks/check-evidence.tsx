import { IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { CheckResult, Clause, ExchangeView } from '../../../../main/contract/conformance.ts';
import { CodeBlock } from '../../../components/text/code-block.tsx';
import { formatDuration, showControls } from '../../../components/text/format.ts';
import { HeadersTable } from '../../../components/trace/headers-table.tsx';
import { statusText } from '../../../components/trace/status-text.ts';
import classes from './check-evidence.module.css';
import { reasonWords } from './run-words.ts';

const MAX_HEIGHT = 200;

/** The sentence that a clause comes from, and where it stands. */
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

/** What a verdict rests on: expected beside observed, on which runtime, each request and the answer to it. */
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
  if (check === null) return <span className={classes.none}>not judged yet</span>;
  if (check.observed === '') return <span className={classes.none}>nothing</span>;
  return (
    <span className={classes.outcome} data-verdict={check.verdict}>
      {showControls(check.observed)}
    </span>
  );
}

/** Why it was judged so, and where it was not the target itself that was asked. */
export function Verdict({ check: { reason, stage, durationMs, verdict } }: { readonly check: CheckResult }) {
  return (
    <p className={classes.verdict} data-verdict={verdict}>
      {reason !== '' && <span className={classes.why}>{reasonWords(reason)}</span>}
      {stage !== null && <span>Judged on {showControls(stage)}</span>}
      {verdict !== 'skipped' && <span className="tabular">{formatDuration(durationMs)}</span>}
    </p>
  );
}

interface ExchangesProps {
  readonly exchanges: readonly ExchangeView[];
  /** The answer stands below the request. */
  readonly stacked?: boolean;
}

/** One exchange stands open; of several each has a line that opens. */
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
        // biome-ignore lint/suspicious/noArrayIndexKey: exchanges have no other name than their place
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
        <span className={classes.status}>{answerWords(answer)}</span>
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
      <Part title={`Answer: ${answerWords(answer)}`}>
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

function answerWords(answer: ExchangeView['answer']): string {
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
