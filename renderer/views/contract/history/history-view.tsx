import { Button } from '@mantine/core';
import { IconArrowsLeftRight, IconHistory, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { ReportSummary } from '../../../../main/contract/conformance.ts';
import { useCommands } from '../../../components/controls/use-commands.ts';
import { Dialog, DialogButtons } from '../../../components/layout/dialog.tsx';
import { Page } from '../../../components/layout/page.tsx';
import { EmptyState, LoadState } from '../../../components/status/states.tsx';
import { formatDuration, plural } from '../../../components/text/format.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { readyValue } from '../../../state/app/loadable.ts';
import { compareMarked } from '../compare/compare-choice.ts';
import classes from '../contract-screen.module.css';
import { PlaceTabs } from '../place-tabs.tsx';
import { HistoryTable } from './history-table.tsx';

/** Past runs, newest first, stored across restarts: open one, compare two, delete them. */
export function HistoryView() {
  const { contractHistory } = useStores();
  const list = useStore(contractHistory.store, (state) => state.list);
  const runs = readyValue(list) ?? [];
  const [asking, setAsking] = useState(false);
  useCommands([
    hidden('contract.next-run', 'Next run', 'J', () => contractHistory.moveFocus(1)),
    hidden('contract.previous-run', 'Previous run', 'K', () => contractHistory.moveFocus(-1)),
    {
      id: 'contract.delete-all',
      title: 'Delete all past runs',
      group: 'This screen',
      icon: IconTrash,
      unavailable: runs.length === 0 ? 'No past runs' : null,
      run: () => setAsking(true),
    },
  ]);
  return (
    <Page
      title="Contract"
      layout="flush"
      note={runs.length > 0 && <span className="tabular">{describeHistory(runs)}</span>}
      actions={
        <>
          <CompareMarked />
          <Button
            leftSection={<IconTrash size={14} />}
            disabled={runs.length === 0}
            onClick={() => setAsking(true)}
          >
            Delete all
          </Button>
        </>
      }
    >
      <div className={classes.bar}>
        <PlaceTabs place="history" />
      </div>
      <div className={classes.scroll}>
        <LoadState load={list} what="The past runs" onRetry={contractHistory.refresh}>
          {(value) => (value.length === 0 ? <NoRuns /> : <HistoryTable runs={value} />)}
        </LoadState>
      </div>
      <Dialog opened={asking} onClose={() => setAsking(false)} title="Delete all past runs?">
        <p className={classes.question}>Their reports cannot be restored. Saved files are not affected.</p>
        <DialogButtons>
          <Button onClick={() => setAsking(false)}>Cancel</Button>
          <Button
            variant="filled"
            color="red"
            onClick={() => {
              setAsking(false);
              return contractHistory.remove(null);
            }}
          >
            Delete {plural(runs.length, 'run')}
          </Button>
        </DialogButtons>
      </Dialog>
    </Page>
  );
}

function describeHistory(runs: readonly ReportSummary[]): string {
  const targets = new Set(runs.map(({ own, target }) => (own ? '' : target)));
  const longest = Math.max(...runs.map(({ durationMs }) => durationMs));
  return `${plural(runs.length, 'run')} of ${plural(targets.size, 'runtime')} · the last 30 are stored · longest ${formatDuration(longest)}`;
}

function CompareMarked() {
  const { contractHistory, ui } = useStores();
  const marked = useStore(contractHistory.store, (state) => state.marked);
  return (
    <Button
      leftSection={<IconArrowsLeftRight size={14} />}
      disabled={marked.length < 2}
      onClick={() => compareMarked(ui, marked)}
    >
      {marked.length === 1 ? 'Select one more' : 'Compare selected'}
    </Button>
  );
}

function NoRuns() {
  const { ui } = useStores();
  return (
    <EmptyState
      icon={IconHistory}
      title="No past runs"
      text="Every run of the checks is stored, so that you can read it later or compare two of them."
      action={
        <Button variant="filled" onClick={() => ui.navigate('contract')}>
          Go to checks
        </Button>
      }
    />
  );
}

function hidden(id: string, title: string, keys: string, run: () => void) {
  return { id, title, group: 'This screen', keys, listed: false, run } as const;
}
