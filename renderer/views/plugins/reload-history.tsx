import { Button, Tooltip } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { PluginView, ReloadRecord } from '../../../main/contract/plugin-view.ts';
import { describeReloads } from '../../components/plugin/describe-reloads.ts';
import { LoadState } from '../../components/status/states.tsx';
import { formatClock, formatDuration, showControls } from '../../components/text/format.ts';
import { Duration, Time } from '../../components/text/values.tsx';
import { useStores } from '../../components/use-stores.tsx';
import detail from './plugin-detail.module.css';
import { barHeights } from './reload-bars.ts';
import classes from './reload-history.module.css';

const SHOWN = 6;

/** The plugin's reloads so far: the latencies at a glance, then each reload. */
export function ReloadHistory({ plugin: { name, reloads } }: { plugin: PluginView }) {
  const stores = useStores();
  const { plugin, history } = useStore(stores.pluginHistory.store);
  useEffect(() => stores.pluginHistory.follow(name), [name]);
  return (
    <section aria-label="Reloads">
      <div className={detail.sectionHead}>
        <h3 className={detail.section}>Reloads</h3>
        <span className={classes.words}>{describeReloads(reloads) ?? 'none since the start'}</span>
      </div>
      {plugin === name && (
        <LoadState
          load={history}
          what="The reloads"
          onRetry={stores.pluginHistory.refresh}
          skeleton={<div />}
        >
          {(records) => <Records records={records} />}
        </LoadState>
      )}
    </section>
  );
}

function Records({ records }: { records: readonly ReloadRecord[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? records : records.slice(0, SHOWN);
  return (
    <div className={classes.box}>
      {records.some(({ latencyMs }) => latencyMs !== null) && <Bars records={records} />}
      <ul className={classes.list}>
        {shown.map((record) => (
          <Line key={`${record.at}:${record.cause}:${record.version}`} record={record} />
        ))}
      </ul>
      {records.length > SHOWN && (
        <Button size="compact-xs" variant="subtle" onClick={() => setAll(!all)} className={classes.all ?? ''}>
          {all ? `Show the last ${SHOWN}` : `Show all ${records.length}`}
        </Button>
      )}
    </div>
  );
}

/** Oldest on the left, its height the latency; a failed one is red, one that was not measured is a line. */
function Bars({ records }: { records: readonly ReloadRecord[] }) {
  const bars = barHeights([...records].reverse());
  return (
    <div className={classes.bars} role="img" aria-label={`Latencies of the last ${records.length} reloads`}>
      {bars.map(({ record, share }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bars only ever move by one place
        <Tooltip key={index} label={describeReload(record)}>
          <span className={classes.slot}>
            <span
              className={classes.bar}
              data-kind={kindOf(record)}
              style={{ height: `${Math.round(share * 100)}%` }}
            />
          </span>
        </Tooltip>
      ))}
    </div>
  );
}

function kindOf({ ok, latencyMs }: ReloadRecord): 'ok' | 'unmeasured' | 'failed' {
  if (!ok) return 'failed';
  return latencyMs === null ? 'unmeasured' : 'ok';
}

/** The first load of a new folder is detected as a change, too. */
function causeOf({ cause, ok, latencyMs }: ReloadRecord): string {
  return cause === 'change' && ok && latencyMs === null ? CAUSES.start : CAUSES[cause];
}

const CAUSES: Readonly<Record<ReloadRecord['cause'], string>> = {
  start: 'first load',
  change: 'change',
  manual: 'by hand',
  restart: 'restart',
};

function describeReload(record: ReloadRecord): string {
  const { at, ok, latencyMs } = record;
  const parts = [formatClock(at), causeOf(record)];
  if (!ok) parts.push('failed');
  else if (latencyMs !== null) parts.push(formatDuration(latencyMs));
  return parts.join(', ');
}

function Line({ record }: { record: ReloadRecord }) {
  const { at, ok, latencyMs, version, error } = record;
  return (
    <li className={classes.line} data-bad={!ok || undefined}>
      {ok ? <IconCheck size={13} aria-label="loaded" /> : <IconX size={13} aria-label="failed" />}
      <span className={classes.time}>
        <Time at={at} coarse />
      </span>
      <span className={classes.cause}>{causeOf(record)}</span>
      {ok ? (
        <>
          <span className={classes.version}>{version?.slice(0, 8)}</span>
          <span className={classes.latency}>
            <Duration ms={latencyMs} />
          </span>
        </>
      ) : (
        <span className={classes.error} title={showControls(error ?? '')}>
          {showControls(error ?? 'failed')}
        </span>
      )}
    </li>
  );
}
