import { Button } from '@mantine/core';
import { IconListDetails, IconPlayerPlay } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { TraceSummary } from '../../../main/contract/trace.ts';
import { Panel } from '../../components/layout/page.tsx';
import { OutcomeBadge } from '../../components/status/outcome.tsx';
import { EmptyState, LoadState } from '../../components/status/states.tsx';
import { formatDate, formatTime } from '../../components/text/format.ts';
import { Duration } from '../../components/text/values.tsx';
import { useStores } from '../../components/use-stores.tsx';
import { formatRoute } from '../../state/app/route.ts';
import classes from './overview.module.css';

const SHOWN = 10;

/** The newest executions, each a link to its trace. */
export function RecentTraces() {
  const { traces } = useStores();
  const recent = useStore(traces.store, (state) => state.recent);
  return (
    <Panel
      title="Recent executions"
      flush
      actions={
        <a className={classes.more} href={`#${formatRoute('traces')}`}>
          All traces
        </a>
      }
    >
      <LoadState load={recent} what="Recent executions" onRetry={() => traces.refreshAll()}>
        {(traces) => (traces.length === 0 ? <NoTraces /> : <Rows traces={traces.slice(0, SHOWN)} />)}
      </LoadState>
    </Panel>
  );
}

function Rows({ traces }: { traces: readonly TraceSummary[] }) {
  return (
    <ul className={classes.traces}>
      {traces.map((trace, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: under load every batch exchanges all rows; their elements stay
        <li key={place}>
          <a className={classes.trace} href={`#${formatRoute('traces', { item: trace.id })}`}>
            <time className={`${classes.time} tabular`} title={formatDate(trace.startedAt)}>
              {formatTime(trace.startedAt)}
            </time>
            <span className={classes.name}>{trace.plugin}</span>
            <OutcomeBadge outcome={trace.outcome} variant="plain" />
            <span className={classes.number}>{trace.status ?? '–'}</span>
            <span className={classes.number}>
              <Duration ms={trace.durationMs} />
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function NoTraces() {
  const stores = useStores();
  return (
    <EmptyState
      icon={IconListDetails}
      title="No executions yet"
      text="Each plugin call leaves a trace here: its identity, the injected context and the time of each step."
      action={
        <Button leftSection={<IconPlayerPlay size={14} />} onClick={() => stores.ui.navigate('run')}>
          Run a plugin
        </Button>
      }
    />
  );
}
