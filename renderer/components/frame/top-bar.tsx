import { Skeleton, Tooltip } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { RuntimeSnapshot } from '../../../main/contract/snapshot.ts';
import type { Connection } from '../../bridge.ts';
import { formatRoute } from '../../state/app/route.ts';
import { failedPlugins } from '../../state/app/runtime.ts';
import { CopyButton } from '../controls/copy-button.tsx';
import { KeyHint } from '../controls/key-hint.tsx';
import { formatClock, formatLimit, plural } from '../text/format.ts';
import { useStores } from '../use-stores.tsx';
import classes from './bars.module.css';

/** Status, address and the few settings that explain most answers. */
export function TopBar() {
  const stores = useStores();
  const { snapshot, connection } = useStore(stores.runtime.store);
  return (
    <header className={classes.top}>
      {snapshot.state === 'loading' && <Skeleton width={320} height={14} />}
      {snapshot.state === 'failed' && (
        <StatusDot tone="bad" word="unreachable" why={snapshot.error.message} />
      )}
      {snapshot.state === 'ready' && <Facts snapshot={snapshot.value} connection={connection} />}
      <button type="button" className={classes.search} onClick={stores.commands.openPalette}>
        <IconSearch size={14} aria-hidden />
        <span>Command palette…</span>
        <KeyHint keys="mod+K" />
      </button>
    </header>
  );
}

function Facts({ snapshot, connection }: { snapshot: RuntimeSnapshot; connection: Connection }) {
  const { baseUrl, authMode, tokenRequired, timeoutMs } = snapshot;
  return (
    <>
      <RuntimeStatus snapshot={snapshot} connection={connection} />
      <span className={classes.address}>
        <span className="mono">{baseUrl}</span>
        <CopyButton text={baseUrl} label="Copy base URL" always />
      </span>
      <span className={classes.facts}>
        <a className={classes.fact} href={`#${formatRoute('tokens')}`}>
          {authMode} auth{tokenRequired ? '' : ', token optional'}
        </a>
        <PluginCount snapshot={snapshot} />
        <a className={classes.fact} href={`#${formatRoute('settings')}`}>
          timeout {formatLimit(timeoutMs)}
        </a>
      </span>
    </>
  );
}

function RuntimeStatus({ snapshot, connection }: { snapshot: RuntimeSnapshot; connection: Connection }) {
  if (connection.state === 'lost') {
    return (
      <StatusDot tone="bad" word="disconnected" why={`since ${formatClock(connection.since)}; retrying`} />
    );
  }
  if (!snapshot.ready) return <StatusDot tone="warn" word="not ready" why={snapshot.notReadyReason ?? ''} />;
  const healthy = snapshot.health.status === 'healthy';
  return (
    <StatusDot
      tone={healthy ? 'good' : 'bad'}
      word={snapshot.health.status}
      why={`GET /health answers "${snapshot.health.status}"`}
    />
  );
}

function StatusDot({ tone, word, why }: { tone: 'good' | 'warn' | 'bad'; word: string; why: string }) {
  return (
    <Tooltip label={why} disabled={why === ''}>
      <span className={classes.status} data-tone={tone} role="status">
        <span className={classes.dot} aria-hidden />
        {word}
      </span>
    </Tooltip>
  );
}

function PluginCount({ snapshot }: { snapshot: RuntimeSnapshot }) {
  const failed = failedPlugins(snapshot);
  return (
    <a className={classes.fact} href={`#${formatRoute('plugins')}`}>
      {plural(snapshot.plugins.length, 'plugin')}
      {failed > 0 && <span className={classes.bad}> · {failed} failed</span>}
    </a>
  );
}
