import { Button } from '@mantine/core';
import { IconCheck, IconRefresh, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { TokenReport } from '../../../main/contract/token.ts';
import type { Provenance, TokenStep } from '../../../main/contract/trace.ts';
import { CopyButton } from '../../components/controls/copy-button.tsx';
import { JsonView } from '../../components/json/json-view.tsx';
import { Remedy, TokenSteps } from '../../components/status/token-steps.tsx';
import { showControls } from '../../components/text/format.ts';
import { Time } from '../../components/text/values.tsx';
import { useNow } from '../../components/time/use-now.ts';
import { ClaimsText } from '../../components/trace/claims-panel.tsx';
import { useStores } from '../../components/use-stores.tsx';
import { formatUntil } from './claims-model.ts';
import classes from './token-report.module.css';

/** Verified, decoded and turned into a context: three separate questions. */
export function TokenReportView({ report, at }: { report: TokenReport; at: number }) {
  const { tokens } = useStores();
  return (
    <>
      <Verdict report={report} accepted="The runtime accepts this token" />
      <Section
        title="Verified"
        about="May it be trusted?"
        actions={
          <>
            <span className={classes.when}>
              checked <Time at={at} coarse />
            </span>
            <Button size="compact-xs" leftSection={<IconRefresh size={12} />} onClick={tokens.inspect}>
              Check again
            </Button>
          </>
        }
      >
        <TokenSteps steps={report.steps} hideRemedyFor={findFailure(report)?.check} />
      </Section>
      <Section title="Decoded" about="Anyone can read this; it says nothing about trust.">
        <Decoded report={report} />
      </Section>
      <Context report={report} />
    </>
  );
}

/** Whether the token is accepted; if not, the first reason and what to change. */
export function Verdict({ report, accepted }: { report: TokenReport; accepted: string }) {
  const { verified, refusal } = report;
  const Icon = verified ? IconCheck : IconX;
  const failed = findFailure(report);
  return (
    <div className={classes.verdict} data-verified={verified} role="status">
      <Icon size={16} stroke={2.25} aria-hidden className={classes.icon} />
      <div>
        <p className={classes.word}>
          {verified ? accepted : `Refused with 401${failed ? ` at the check “${failed.check}”` : ''}`}
        </p>
        {failed && <p className={classes.reason}>{showControls(failed.detail)}</p>}
        {failed?.remedy && <Remedy remedy={failed.remedy} />}
        {refusal !== null && (
          <p className={classes.wire}>The client only sees “{refusal}”; no plugin runs.</p>
        )}
      </div>
    </div>
  );
}

/** The check that the 401 names. */
export function findFailure({ steps }: TokenReport): TokenStep | undefined {
  return steps.find(({ verdict }) => verdict === 'failed');
}

/** What a plugin receives; not shown where the call is refused. */
export function Context({ report }: { report: TokenReport }) {
  if (!report.verified) return null;
  return (
    <Section
      title="What a plugin receives"
      about="Where each value comes from."
      actions={
        <CopyButton
          always
          label="Copy _context as JSON"
          text={() => JSON.stringify(report.context, null, 2)}
        />
      }
    >
      <ContextTable provenance={report.provenance} />
    </Section>
  );
}

/** What a plugin receives, one row per field, and where each value comes from. */
function ContextTable({ provenance }: { provenance: readonly Provenance[] }) {
  return (
    <table className={classes.context}>
      <thead>
        <tr>
          <th scope="col">Plugin receives</th>
          <th scope="col">Value</th>
          <th scope="col">From</th>
        </tr>
      </thead>
      <tbody>
        {provenance.map(({ field, value, present, label, rule, source }) => (
          <tr key={field} title={rule}>
            <td className={classes.field}>{field}</td>
            <td className={classes.value}>
              {present ? showControls(JSON.stringify(value)) : <span className={classes.absent}>absent</span>}
            </td>
            <td className={classes.source} data-source={source}>
              {label}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Header and claims as they are in the token, as far as they can be read, trusted or not. */
function Decoded({ report: { decodeError, header, claims } }: { report: TokenReport }) {
  return (
    <div className={classes.decoded}>
      {decodeError !== null && <p className={classes.error}>{showControls(decodeError)}</p>}
      {claims !== null && (
        <div>
          <h3 className={classes.small}>
            Claims <Times claims={claims} />
          </h3>
          <div className={classes.box}>
            <ClaimsText claims={claims} />
          </div>
        </div>
      )}
      {header !== null && (
        <div>
          <h3 className={classes.small}>Header</h3>
          <JsonView value={header} copyLabel="Copy header" />
        </div>
      )}
    </div>
  );
}

const TIMES: readonly (readonly [string, string, string])[] = [
  ['iat', 'issued', 'issued'],
  ['nbf', 'valid', 'valid since'],
  ['exp', 'expires', 'expired'],
];

/** "issued 2 min ago, expires in 58 min", kept up to date. */
function Times({ claims }: { claims: NonNullable<TokenReport['claims']> }) {
  const now = useNow();
  const parts = TIMES.flatMap(([name, ahead, behind]) => {
    const seconds = claims[name];
    if (typeof seconds !== 'number' || !Number.isSafeInteger(seconds)) return [];
    return [`${seconds * 1000 > now ? ahead : behind} ${formatUntil(seconds * 1000, now)}`];
  });
  return <span className={classes.times}>{parts.join(', ')}</span>;
}

interface SectionProps {
  readonly title: string;
  /** A sentence that sets it apart from the others. */
  readonly about: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Section({ title, about, actions, children }: SectionProps) {
  return (
    <section className={classes.section}>
      <header className={classes.sectionHead}>
        <h2 className={classes.title}>{title}</h2>
        <span className={classes.about}>{about}</span>
        {actions !== undefined && <span className={classes.actions}>{actions}</span>}
      </header>
      {children}
    </section>
  );
}
