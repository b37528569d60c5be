import { Button } from '@mantine/core';
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { KeyHint } from '../../../components/controls/key-hint.tsx';
import { useCommands } from '../../../components/controls/use-commands.ts';
import { Page } from '../../../components/layout/page.tsx';
import { FailedState, LoadingRows } from '../../../components/status/states.tsx';
import { useStores } from '../../../components/use-stores.tsx';
import { readyValue } from '../../../state/app/loadable.ts';
import {
  type ShownClause,
  showChecked,
  showRunning,
  showUnchecked,
} from '../../../state/contract/contract-model.ts';
import { hasTarget } from '../../../state/contract/contract-target.ts';
import classes from '../contract-screen.module.css';
import { PlaceTabs } from '../place-tabs.tsx';
import { ProbeMissing } from '../target/save-probe.tsx';
import { TargetPicker } from '../target/target-picker.tsx';
import { ClauseBrowser } from './clause-browser.tsx';
import { ReportHeadline, RunHeadline } from './headline.tsx';
import { NotChecked } from './not-checked.tsx';
import { SaveReport } from './save-report.tsx';

/** One row per clause, checked over real HTTP; during a run, verdicts appear one by one. */
export function ChecksView() {
  const { contract } = useStores();
  const run = useStore(contract.store, (state) => state.run);
  const report = useStore(contract.store, (state) =>
    state.report === null ? undefined : readyValue(state.report),
  );
  const rows = useRows();
  return (
    <Page
      title="Contract"
      layout="flush"
      note={
        run === null ? report && <ReportHeadline report={report} /> : <RunHeadline run={run} rows={rows} />
      }
      actions={
        <>
          {run === null && report !== undefined && <SaveReport report={report.id} />}
          <RunButton />
        </>
      }
    >
      <div className={classes.bar}>
        <PlaceTabs place="checks" />
        <TargetPicker />
      </div>
      <Content rows={rows} />
    </Page>
  );
}

function useRows(): readonly ShownClause[] {
  const { contract } = useStores();
  const { clauses, report, run } = useStore(contract.store);
  const known = readyValue(clauses) ?? [];
  const checks = report === null ? undefined : readyValue(report)?.checks;
  if (run !== null) return showRunning(run, known, checks ?? []);
  return checks === undefined ? showUnchecked(known) : showChecked(checks);
}

function Content({ rows }: { readonly rows: readonly ShownClause[] }) {
  const { contract } = useStores();
  const { clauses, report, run } = useStore(contract.store);
  if (run === null && report?.state === 'failed') {
    return <FailedState what="The result" failure={report.error} onRetry={contract.check} />;
  }
  if (rows.length === 0 && clauses.state === 'loading') return <LoadingRows />;
  if (rows.length === 0 && clauses.state === 'failed') {
    return <FailedState what="The contract" failure={clauses.error} onRetry={contract.loadClauses} />;
  }
  const unchecked = run === null && report === null;
  return (
    <ClauseBrowser rows={rows} readOnly={unchecked ? 'Run the checks first' : null}>
      {unchecked ? <NotChecked clauses={rows.length} /> : run === null && <ProbeMissing rows={rows} />}
    </ClauseBrowser>
  );
}

function RunButton() {
  const { contract, contractTarget } = useStores();
  const run = useStore(contract.store, (state) => state.run);
  const targeted = useStore(contractTarget.store, hasTarget);
  const missing = targeted ? null : 'Enter an address first';
  useCommands([
    {
      id: 'contract.run',
      title: 'Run checks',
      group: 'This screen',
      keys: 'mod+Enter',
      icon: IconPlayerPlay,
      run: contract.check,
      unavailable: run === null ? missing : 'A run is in progress',
    },
    {
      id: 'contract.cancel',
      title: 'Cancel run',
      group: 'This screen',
      keys: 'mod+.',
      icon: IconPlayerStop,
      run: contract.cancel,
      unavailable: run === null ? 'No run in progress' : null,
    },
  ]);
  if (run !== null) {
    return (
      <Button leftSection={<IconPlayerStop size={14} />} onClick={contract.cancel} loading={run.cancelling}>
        Cancel run
      </Button>
    );
  }
  return (
    <Button
      variant="filled"
      leftSection={<IconPlayerPlay size={14} />}
      rightSection={<KeyHint keys="mod+Enter" />}
      disabled={!targeted}
      onClick={contract.check}
    >
      Run checks
    </Button>
  );
}
