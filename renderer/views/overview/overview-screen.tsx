import { Button, Skeleton } from '@mantine/core';
import { IconPresentation } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { RuntimeSnapshot } from '../../../main/contract/snapshot.ts';
import { FirstMinuteCard } from '../../components/guide/first-minute-card.tsx';
import { Page, Panel } from '../../components/layout/page.tsx';
import { LoadState } from '../../components/status/states.tsx';
import { formatAge, formatClock } from '../../components/text/format.ts';
import { useStores } from '../../components/use-stores.tsx';
import { markPainted } from '../../page.ts';
import { isScanning } from '../../state/app/runtime.ts';
import { ActivityChart, ActivityFigures } from './activity-chart.tsx';
import classes from './overview.module.css';
import { PluginProblems } from './plugin-problems.tsx';
import { RecentTraces } from './recent-traces.tsx';
import { StatStrip } from './stat-strip.tsx';
import { TryIt } from './try-it.tsx';

/** Is my runtime healthy? */
export function OverviewScreen() {
  const stores = useStores();
  const snapshot = useStore(stores.runtime.store, (state) => state.snapshot);
  const shown = useStore(stores.demo.store, ({ phase }) => phase !== 'off');
  useEffect(stores.runtime.followHealth, []);
  return (
    <Page
      title="Overview"
      note={snapshot.state === 'ready' && formatUptime(snapshot.value)}
      actions={
        // The card of an empty folder has this button itself.
        !(snapshot.state === 'ready' && snapshot.value.plugins.length === 0) && (
          <Button
            leftSection={<IconPresentation size={14} />}
            disabled={shown}
            onClick={stores.demo.showContract}
          >
            Show the contract
          </Button>
        )
      }
    >
      <LoadState
        load={snapshot}
        what="The runtime’s state"
        onRetry={stores.runtime.refresh}
        skeleton={<Loading />}
      >
        {(value, at) => (isScanning(value) ? <Loading /> : <Overview snapshot={value} at={at} />)}
      </LoadState>
    </Page>
  );
}

/** "up for 4 min, since 12:04:31" */
function formatUptime({ at, startedAt, shell }: RuntimeSnapshot): string {
  const where = shell === 'headless' ? 'headless, ' : '';
  return `${where}up for ${formatAge(at - startedAt)}, since ${formatClock(startedAt)}`;
}

function Overview({ snapshot, at }: { snapshot: RuntimeSnapshot; at: number }) {
  useEffect(() => markPainted('first-screen'), []);
  return (
    <>
      <StatStrip snapshot={snapshot} at={at} />
      <PluginProblems plugins={snapshot.plugins} />
      {snapshot.plugins.length === 0 ? (
        <FirstMinuteCard snapshot={snapshot} />
      ) : (
        <>
          <Panel title="Executions" actions={<ActivityFigures activity={snapshot.activity} />} flush>
            <ActivityChart activity={snapshot.activity} />
          </Panel>
          <div className={classes.columns}>
            <RecentTraces />
            <TryIt snapshot={snapshot} />
          </div>
        </>
      )}
    </>
  );
}

function Loading() {
  return (
    <>
      <Skeleton height={86} />
      <Skeleton height={200} />
      <Skeleton height={320} />
    </>
  );
}
