import { Button } from '@mantine/core';
import { IconChecklist, IconPlayerPlay } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { ConformanceReport } from '../../../main/contract/conformance.ts';
import { formatDuration, showControls } from '../../components/format.ts';
import { Page } from '../../components/page.tsx';
import { EmptyState, FailedState } from '../../components/states.tsx';
import { Time } from '../../components/values.tsx';
import { checkTarget, contractStore } from '../../state/contract.ts';
import { readyValue } from '../../state/loadable.ts';
import { runtimeStore } from '../../state/runtime.ts';
import { CheckGroups } from './check-groups.tsx';
import { CheckProgress } from './check-progress.tsx';
import { countVerdicts, headline } from './contract-model.ts';
import classes from './contract-screen.module.css';
import { SaveReport } from './save-report.tsx';
import { TargetPicker } from './target-picker.tsx';

/** Does this runtime keep the contract? One row a clause, checked over real HTTP. */
export function ContractScreen() {
  const report = useStore(contractStore, (state) => state.report);
  const value = report === null ? undefined : readyValue(report);
  return (
    <Page
      title="Contract"
      note={value === undefined ? undefined : <Headline report={value} />}
      actions={
        <>
          {value !== undefined && <SaveReport />}
          <RunChecks again={report !== null} />
        </>
      }
    >
      <TargetPicker />
      <CheckProgress />
      <Content />
    </Page>
  );
}

function Content() {
  const { report, run } = useStore(contractStore);
  const running = run !== null;
  const baseUrl = useStore(runtimeStore, (state) => readyValue(state.snapshot)?.baseUrl);
  if (report === null) {
    if (running) return null;
    return (
      <EmptyState
        icon={IconChecklist}
        title="Not checked yet"
        text={
          <>
            Every clause of the Runtime ↔ Platform Contract is checked over real HTTP against{' '}
            <span className="mono">{baseUrl ?? 'this runtime'}</span>: the version header on every kind of
            answer, the endpoints, errors, and what a plugin gets. It takes about a second and leaves a few
            refused calls in Traces.
          </>
        }
        action={
          <Button variant="filled" leftSection={<IconPlayerPlay size={14} />} onClick={checkTarget}>
            Run the checks
          </Button>
        }
      />
    );
  }
  if (report.state === 'loading') return null;
  if (report.state === 'failed') {
    return <FailedState what="The result" failure={report.error} onRetry={checkTarget} />;
  }
  return (
    <div className={classes.report} data-stale={running || undefined}>
      <CheckGroups key={report.value.id} report={report.value} />
    </div>
  );
}

/** "38 of 40 kept · 2 skipped · 12:04:31" */
function Headline({ report }: { readonly report: ConformanceReport }) {
  const broken = countVerdicts(report.checks).failed > 0;
  return (
    <span className="tabular">
      <strong className={broken ? classes.broken : classes.kept} data-testid="contract-headline">
        {headline(report.checks)}
      </strong>{' '}
      · <Time at={report.at} coarse /> · {formatDuration(report.durationMs)} ·{' '}
      <span className="mono">{showControls(report.target)}</span>
    </span>
  );
}

function RunChecks({ again }: { readonly again: boolean }) {
  const { run, target, otherUrl } = useStore(contractStore);
  return (
    <Button
      variant="filled"
      leftSection={<IconPlayerPlay size={14} />}
      loading={run !== null}
      disabled={target === 'other' && otherUrl.trim() === ''}
      onClick={checkTarget}
    >
      {again ? 'Run again' : 'Run the checks'}
    </Button>
  );
}
