import { ActionIcon, Button, SegmentedControl, Select, Tooltip } from '@mantine/core';
import { IconArrowsExchange, IconArrowsLeftRight } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { ConformanceReport, ReportSummary } from '../../../../main/contract/conformance.ts';
import { CopyButton } from '../../../components/controls/copy-button.tsx';
import { useCommands } from '../../../components/controls/use-commands.ts';
import { Page } from '../../../components/layout/page.tsx';
import { EmptyState, LoadingRows, LoadState } from '../../../components/status/states.tsx';
import { showControls } from '../../../components/text/format.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { formatRoute } from '../../../state/app/route.ts';
import { describeRun, formatTarget } from '../checks/format-run.ts';
import classes from '../contract-screen.module.css';
import { useReport } from '../history/past-run-view.tsx';
import { PlaceTabs } from '../place-tabs.tsx';
import { type Compared, comparedRuns, compareRuns } from './compare-choice.ts';
import { compareReports, countDiffering, formatDiffering, onlyDifferences } from './compare-model.ts';
import { CompareTable } from './compare-table.tsx';
import styles from './compare-view.module.css';

/** Two runs side by side, clause by clause. */
export function CompareView() {
  const { contractHistory, ui } = useStores();
  const list = useStore(contractHistory.store, (state) => state.list);
  const params = useStore(ui.store, ({ route }) => route.params);
  return (
    <Page title="Contract" layout="flush" note="Two runs side by side">
      <div className={classes.bar}>
        <PlaceTabs place="compare" />
      </div>
      <LoadState load={list} what="The past runs" onRetry={contractHistory.refresh}>
        {(runs) => (
          <Choice runs={runs} compared={comparedRuns(params, runs)} only={params.only !== undefined} />
        )}
      </LoadState>
    </Page>
  );
}

interface ChoiceProps {
  readonly runs: readonly ReportSummary[];
  readonly compared: Compared;
  readonly only: boolean;
}

function Choice({ runs, compared: { a, b }, only }: ChoiceProps) {
  const { ui } = useStores();
  const swap = () => compareRuns(ui, b, a, only);
  useCommands([
    {
      id: 'contract.swap',
      title: 'Swap sides',
      group: 'This screen',
      keys: 'S',
      icon: IconArrowsExchange,
      run: swap,
      unavailable: b === null ? 'Two runs are needed' : null,
    },
    {
      id: 'contract.differences',
      title: only ? 'Show every clause' : 'Show differences only',
      group: 'This screen',
      keys: 'D',
      icon: IconArrowsLeftRight,
      run: () => ui.setParams({ only: only ? null : 'differences' }),
    },
  ]);
  if (a === null || b === null) return <TooFewRuns runs={runs.length} />;
  return (
    <>
      <div className={styles.sides}>
        <SideSelect name="A" runs={runs} value={a} onChange={(id) => compareRuns(ui, id, b, only)} />
        <Tooltip label="Swap sides (S)">
          <ActionIcon variant="default" size={28} aria-label="Swap sides" onClick={swap}>
            <IconArrowsExchange size={16} />
          </ActionIcon>
        </Tooltip>
        <SideSelect name="B" runs={runs} value={b} onChange={(id) => compareRuns(ui, a, id, only)} />
        <CopyButton
          text={`#${formatRoute('contract', { item: 'compare', params: { a, b } })}`}
          label="Copy a link to this comparison"
          always
        />
      </div>
      <Pair key={`${a} ${b}`} a={a} b={b} only={only} />
    </>
  );
}

interface SideSelectProps {
  readonly name: 'A' | 'B';
  readonly runs: readonly ReportSummary[];
  readonly value: string;
  readonly onChange: (id: string) => void;
}

function SideSelect({ name, runs, value, onChange }: SideSelectProps) {
  const data = runs.map((run) => ({
    value: run.id,
    label: showControls(`${formatTarget(run)} · ${describeRun(run)}`),
  }));
  return (
    <div className={styles.side}>
      <span className={styles.letter} data-name={name}>
        {name}
      </span>
      <Select
        className={styles.select}
        aria-label={`Run ${name}`}
        // A link may name a run that no longer exists.
        data={data.some((one) => one.value === value) ? data : [{ value, label: 'a deleted run' }, ...data]}
        value={value}
        allowDeselect={false}
        onChange={(id) => {
          if (id !== null) onChange(id);
        }}
      />
    </div>
  );
}

function Pair({ a, b, only }: { readonly a: string; readonly b: string; readonly only: boolean }) {
  const { contractHistory } = useStores();
  const [first, second] = [useReport(a), useReport(b)];
  return (
    <LoadState load={first} what="Run A" onRetry={() => contractHistory.open(a)} skeleton={<LoadingRows />}>
      {(reportA) => (
        <LoadState
          load={second}
          what="Run B"
          onRetry={() => contractHistory.open(b)}
          skeleton={<LoadingRows />}
        >
          {(reportB) => <Verdicts a={reportA} b={reportB} only={only} />}
        </LoadState>
      )}
    </LoadState>
  );
}

interface VerdictsProps {
  readonly a: ConformanceReport;
  readonly b: ConformanceReport;
  readonly only: boolean;
}

function Verdicts({ a, b, only }: VerdictsProps) {
  const { ui } = useStores();
  const groups = compareReports(a, b);
  const rows = groups.flatMap((group) => group.rows);
  const differing = countDiffering(rows);
  return (
    <>
      <div className={classes.filters}>
        <SegmentedControl
          aria-label="Clauses to show"
          data={[
            { value: 'all', label: `All ${rows.length}` },
            { value: 'differences', label: `Differences ${differing}` },
          ]}
          value={only ? 'differences' : 'all'}
          onChange={(value) => ui.setParams({ only: value === 'differences' ? value : null })}
        />
        <span className={styles.count} data-none={differing === 0 || undefined} role="status">
          {formatDiffering(differing)}
        </span>
        {a.edition !== b.edition && (
          <span className={styles.note}>
            Edition {a.edition} of the clauses compared with edition {b.edition}
          </span>
        )}
      </div>
      <div className={classes.scroll}>
        {only && differing === 0 ? (
          <EmptyState
            icon={IconArrowsLeftRight}
            title="No differences"
            text="Choose All to see the evidence."
          />
        ) : (
          <CompareTable groups={only ? onlyDifferences(groups) : groups} a={a} b={b} />
        )}
      </div>
    </>
  );
}

function TooFewRuns({ runs }: { readonly runs: number }) {
  const { ui } = useStores();
  return (
    <EmptyState
      icon={IconArrowsLeftRight}
      title={runs === 0 ? 'No runs to compare' : 'Select two runs'}
      text="Check this runtime, then another one by its address, to see their verdicts side by side."
      action={
        <Button variant="filled" onClick={() => ui.navigate('contract')}>
          Go to checks
        </Button>
      }
    />
  );
}
