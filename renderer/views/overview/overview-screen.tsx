import { Skeleton } from '@mantine/core';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { RuntimeSnapshot } from '../../../main/contract/snapshot.ts';
import { Page, Panel } from '../../components/page.tsx';
import { LoadState } from '../../components/states.tsx';
import { markPainted } from '../../page.ts';
import { followHealth, isScanning, refreshRuntime, runtimeStore } from '../../state/runtime.ts';
import { ActivityChart } from './activity-chart.tsx';
import { FirstPlugin } from './first-plugin.tsx';
import classes from './overview.module.css';
import { RecentTraces } from './recent-traces.tsx';
import { StatStrip } from './stat-strip.tsx';
import { TryIt } from './try-it.tsx';

/** Is my runtime healthy? */
export function OverviewScreen() {
  const snapshot = useStore(runtimeStore, (state) => state.snapshot);
  useEffect(followHealth, []);
  return (
    <Page title="Overview">
      <LoadState load={snapshot} what="The runtime’s state" onRetry={refreshRuntime} skeleton={<Loading />}>
        {(value, at) => (isScanning(value) ? <Loading /> : <Overview snapshot={value} at={at} />)}
      </LoadState>
    </Page>
  );
}

function Overview({ snapshot, at }: { snapshot: RuntimeSnapshot; at: number }) {
  useEffect(() => markPainted('first-screen'), []);
  return (
    <>
      <StatStrip snapshot={snapshot} at={at} />
      {snapshot.plugins.length === 0 ? (
        <FirstPlugin snapshot={snapshot} />
      ) : (
        <>
          <Panel title="Executions" flush>
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
