import { Button, Loader } from '@mantine/core';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { CheckResult, Verdict } from '../../../main/contract/conformance.ts';
import type { RuntimeSnapshot } from '../../../main/contract/snapshot.ts';
import { formatClock, formatDuration } from '../../components/text/format.ts';
import { useStores } from '../../components/use-stores.tsx';
import { formatRoute } from '../../state/app/route.ts';
import type { ContractRun } from '../../state/contract/contract.ts';
import classes from './overview.module.css';

/** Four answers at a glance: health, plugins, contract, the last reload. */
export function StatStrip({ snapshot, at }: { snapshot: RuntimeSnapshot; at: number }) {
  return (
    <div className={classes.strip}>
      <HealthStat snapshot={snapshot} at={at} />
      <PluginStat snapshot={snapshot} />
      <ContractStat />
      <ReloadStat snapshot={snapshot} />
    </div>
  );
}

interface StatProps {
  readonly label: string;
  readonly value: ReactNode;
  readonly tone?: 'good' | 'bad' | 'quiet' | undefined;
  readonly children?: ReactNode;
}

function Stat({ label, value, tone, children }: StatProps) {
  return (
    <div className={classes.stat}>
      <div className={classes.label}>{label}</div>
      <div className={classes.value} data-tone={tone}>
        {value}
      </div>
      <div className={classes.detail}>{children}</div>
    </div>
  );
}

function HealthStat({
  snapshot: { health, ready, notReadyReason },
  at,
}: {
  snapshot: RuntimeSnapshot;
  at: number;
}) {
  const stores = useStores();
  const lost = useStore(stores.runtime.store, ({ connection }) => connection.state === 'lost');
  if (lost) {
    return (
      <Stat label="Health" value="unknown" tone="bad">
        was {health.status} at {formatClock(at)}
      </Stat>
    );
  }
  if (!ready) {
    return (
      <Stat label="Health" value="not ready" tone="bad">
        {notReadyReason}
      </Stat>
    );
  }
  return (
    <Stat label="Health" value={health.status} tone={health.status === 'healthy' ? 'good' : 'bad'}>
      as of {formatClock(at)}
    </Stat>
  );
}

function PluginStat({ snapshot: { health, plugins } }: { snapshot: RuntimeSnapshot }) {
  const failed = plugins.filter(({ failure }) => failure !== null);
  const first = failed[0];
  if (plugins.length === 0) {
    return (
      <Stat label="Plugins" value="none yet" tone="quiet">
        Create one below
      </Stat>
    );
  }
  return (
    <Stat
      label="Plugins"
      value={
        <>
          {health.plugins_loaded} <span className={classes.of}>of {plugins.length} ready</span>
        </>
      }
    >
      {first ? (
        <a className={classes.bad} href={`#${formatRoute('plugins', { item: first.name })}`}>
          {failed.length === 1 ? `${first.name} failed to load` : `${failed.length} failed to load`}
        </a>
      ) : (
        <a href={`#${formatRoute('plugins')}`}>none failed</a>
      )}
    </Stat>
  );
}

function ReloadStat({ snapshot: { lastReload, reloads } }: { snapshot: RuntimeSnapshot }) {
  if (lastReload === null) {
    return (
      <Stat label="Last reload" value="none yet" tone="quiet">
        Save a plugin’s file to see one
      </Stat>
    );
  }
  const { plugin, ok, at, latencyMs, cause } = lastReload;
  const unmeasured = cause === 'start' ? 'loaded' : 'reloaded';
  const took = latencyMs === null ? unmeasured : formatDuration(latencyMs);
  const p95 = reloads.p95Ms === null ? null : ` · p95 ${formatDuration(reloads.p95Ms)}`;
  return (
    <Stat label="Last reload" value={ok ? took : 'failed'} tone={ok ? undefined : 'bad'}>
      <span>
        <a href={`#${formatRoute('plugins', { item: plugin })}`}>{plugin}</a> · {formatClock(at)}
        {p95 !== null && <span className={classes.roomy}>{p95}</span>}
      </span>
    </Stat>
  );
}

function ContractStat() {
  const { contract } = useStores();
  const { ownReport: report, run } = useStore(contract.store);
  if (run !== null && run.again === null && run.own) return <RunningStat run={run} />;
  const button = (
    <Button size="compact-xs" onClick={contract.checkOwn} disabled={run !== null}>
      Run checks
    </Button>
  );
  if (report === null || report.state === 'loading') {
    return (
      <Stat label="Contract" value="not checked yet" tone="quiet">
        {button}
      </Stat>
    );
  }
  if (report.state === 'failed') {
    return (
      <Stat label="Contract" value="not checked" tone="bad">
        <span title={report.error.message}>{report.error.message}</span> {button}
      </Stat>
    );
  }
  const { passed, differs, failed, checked, skipped } = verdictsOf(report.value.checks);
  return (
    <Stat
      label="Contract"
      tone={failed === 0 ? 'good' : 'bad'}
      value={<PassedLink passed={passed} of={checked} />}
    >
      {differs > 0 && `${differs} differ · `}
      {skipped > 0 && `${skipped} skipped · `}
      {formatClock(report.value.at)} {button}
    </Stat>
  );
}

/**
 * Most verdicts arrive within two seconds, the last after half a minute: how many passed so far, and what is
 * running.
 */
function RunningStat({ run }: { readonly run: ContractRun }) {
  const { passed, failed } = verdictsOf(run.checks);
  const left = run.total - run.checks.length;
  return (
    <Stat
      label="Contract"
      tone={failed > 0 ? 'bad' : 'quiet'}
      value={
        <>
          {run.total > 0 && <PassedLink passed={passed} of={run.total} />} <Loader size={13} />
        </>
      }
    >
      <span title={run.title}>
        {run.total === 0 ? 'Inspecting target' : `${left === 1 ? '1 running' : `${left} left`}: ${run.title}`}
      </span>
    </Stat>
  );
}

function PassedLink({ passed, of }: { readonly passed: number; readonly of: number }) {
  return (
    <a href={`#${formatRoute('contract')}`}>
      {passed} <span className={classes.of}>of {of} passed</span>
    </a>
  );
}

function verdictsOf(checks: readonly CheckResult[]) {
  const count = (verdict: Verdict) => checks.filter((check) => check.verdict === verdict).length;
  const [passed, differs, failed] = [count('passed'), count('differs'), count('failed')];
  return { passed, differs, failed, checked: passed + differs + failed, skipped: count('skipped') };
}
