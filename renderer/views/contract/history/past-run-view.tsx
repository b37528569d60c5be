import { Button } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useCommands } from '../../../components/controls/use-commands.ts';
import { Page } from '../../../components/layout/page.tsx';
import { LoadState } from '../../../components/status/states.tsx';
import { useStores } from '../../../components/use-stores.tsx';
import { LOADING, readyValue } from '../../../state/app/loadable.ts';
import { showChecked } from '../../../state/contract/contract-model.ts';
import { ClauseBrowser } from '../checks/clause-browser.tsx';
import { formatMoment } from '../checks/format-run.ts';
import { ReportHeadline } from '../checks/headline.tsx';
import { SaveReport } from '../checks/save-report.tsx';
import classes from '../contract-screen.module.css';
import { PlaceTabs } from '../place-tabs.tsx';

const READ_ONLY = 'A past run is read-only: run the checks again';

/** A past run, read-only. */
export function PastRunView({ id }: { readonly id: string }) {
  const { contract, contractHistory, ui } = useStores();
  const load = useReport(id);
  const report = readyValue(load);
  const isLast = useStore(
    contract.store,
    (state) => state.report?.state === 'ready' && state.report.value.id === id,
  );
  useCommands([
    {
      id: 'contract.back',
      title: 'Back to past runs',
      group: 'This screen',
      keys: 'Escape',
      icon: IconArrowLeft,
      run: () => ui.navigate('contract', { item: 'history' }),
    },
  ]);
  return (
    <Page
      title="Contract"
      layout="flush"
      note={report && <ReportHeadline report={report} />}
      actions={report && <SaveReport report={report.id} />}
    >
      <div className={classes.bar}>
        <PlaceTabs place="history" />
        {report !== undefined && (
          <p className={classes.past}>
            <strong>Run of {formatMoment(report.at)}</strong> · {isLast ? 'latest' : 'not the latest'},
            read-only
          </p>
        )}
        <Button
          leftSection={<IconArrowLeft size={14} />}
          onClick={() => ui.navigate('contract', { item: 'history' })}
        >
          Past runs
        </Button>
      </div>
      <LoadState load={load} what="The run" onRetry={() => contractHistory.open(id)}>
        {({ checks }) => <ClauseBrowser rows={showChecked(checks)} readOnly={READ_ONLY} />}
      </LoadState>
    </Page>
  );
}

/** A report of the history, fetched unless it is there. */
export function useReport(id: string) {
  const stores = useStores();
  const load = useStore(stores.contractHistory.store, ({ opened }) => opened[id]);
  useEffect(() => {
    if (load !== undefined) return;
    stores.contractHistory.open(id).catch((error) => console.error('report not loaded', error));
  }, [id, load]);
  return load ?? LOADING;
}
