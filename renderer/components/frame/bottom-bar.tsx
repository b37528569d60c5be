import { Tooltip } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { CONTRACT_VERSION, HEADERS } from '../../../main/contract/http.ts';
import type { ReloadRecord } from '../../../main/contract/plugin-view.ts';
import type { RuntimeSnapshot } from '../../../main/contract/snapshot.ts';
import { readyValue } from '../../state/app/loadable.ts';
import { formatRoute } from '../../state/app/route.ts';
import { describeReloads } from '../plugin/describe-reloads.ts';
import { formatClock, formatDuration } from '../text/format.ts';
import { useStores } from '../use-stores.tsx';
import classes from './bars.module.css';
import { FolderItem } from './folder-item.tsx';

/** The watched folder, the last reload, and the version header every answer carries. */
export function BottomBar() {
  const stores = useStores();
  const snapshot = useStore(stores.runtime.store, (state) => readyValue(state.snapshot));
  return (
    <footer className={classes.bottom}>
      {snapshot && (
        <>
          <FolderItem folder={snapshot.folder} homePath={snapshot.homePath} />
          <LastReload reload={snapshot.lastReload} all={describeReloads(snapshot.reloads)} />
          <Version snapshot={snapshot} />
        </>
      )}
    </footer>
  );
}

function LastReload({ reload, all }: { reload: ReloadRecord | null; all: string | null }) {
  if (reload === null) return null;
  return (
    <Tooltip label={all} disabled={all === null}>
      <a
        className={classes.item}
        data-tone={reload.ok ? undefined : 'bad'}
        data-testid="last-reload"
        href={`#${formatRoute('plugins', { item: reload.plugin })}`}
      >
        <span>{describeReload(reload)}</span>
        <span className={classes.when}>· {formatClock(reload.at)}</span>
      </a>
    </Tooltip>
  );
}

/** "echo reloaded in 41.0 ms", "echo didn't load: Unexpected token". */
function describeReload({ plugin, ok, error, latencyMs, cause }: ReloadRecord): string {
  if (!ok) return `${plugin} didn’t load: ${error ?? 'unknown reason'}`;
  // A new plugin's first load has nothing before it to be measured against.
  const changed = latencyMs === null ? 'loaded' : 'reloaded';
  const did = { start: 'loaded', change: changed, manual: 'reloaded', restart: 'restarted' }[cause];
  return latencyMs === null ? `${plugin} ${did}` : `${plugin} ${did} in ${formatDuration(latencyMs)}`;
}

function Version({ snapshot }: { snapshot: RuntimeSnapshot }) {
  const ok = snapshot.contractVersion === CONTRACT_VERSION;
  const Icon = ok ? IconCheck : IconX;
  return (
    <span className={classes.version} data-tone={ok ? 'good' : 'bad'}>
      <span className={classes.headerName}>{HEADERS.runtimeVersion}</span>
      {snapshot.contractVersion}
      <Icon size={14} aria-label={ok ? 'as the contract requires' : `expected ${CONTRACT_VERSION}`} />
    </span>
  );
}
