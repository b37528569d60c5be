import { Tooltip } from '@mantine/core';
import { IconBug } from '@tabler/icons-react';
import type { PluginView } from '../../../main/contract/plugin-view.ts';
import { formatClock, formatCount, formatDate, formatDuration } from '../../components/format.ts';
import { StatusMark } from '../../components/mark.tsx';
import { formatRoute } from '../../state/route.ts';
import { navigate } from '../../state/ui.ts';
import { languageWord } from './language.ts';
import classes from './plugins.module.css';

export interface PluginTableProps {
  readonly plugins: readonly PluginView[];
  readonly chosen: string | null;
  /** Beside an open detail: only what tells plugins apart. */
  readonly compact: boolean;
}

export function PluginTable({ plugins, chosen, compact }: PluginTableProps) {
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th>Name</th>
            <th>Status</th>
            {!compact && <th>Language</th>}
            {!compact && <th>Version</th>}
            <th>Last reload</th>
            <th className={classes.right}>Calls</th>
            <th className={classes.right}>p95</th>
            <th className={classes.right}>Errors</th>
          </tr>
        </thead>
        <tbody>
          {plugins.map((plugin) => (
            <Row key={plugin.name} plugin={plugin} chosen={plugin.name === chosen} compact={compact} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ plugin, chosen, compact }: { plugin: PluginView; chosen: boolean; compact: boolean }) {
  const { name, stats } = plugin;
  // The detail tells them apart; here a call that went wrong is one.
  const failedCalls = stats.errors + stats.timeouts;
  return (
    <tr data-chosen={chosen || undefined} onClick={() => navigate('plugins', { item: name })}>
      <td className={classes.name}>
        <a
          href={`#${formatRoute('plugins', { item: name })}`}
          aria-current={chosen || undefined}
          title={name}
        >
          {name}
        </a>
        {plugin.debug && (
          <Tooltip label={plugin.debug.attached ? 'A debugger is attached' : 'Waiting for a debugger'}>
            <IconBug
              size={14}
              role="img"
              aria-label="being debugged"
              className={classes.bug}
              data-attached={plugin.debug.attached || undefined}
            />
          </Tooltip>
        )}
      </td>
      <td>
        <StatusMark status={plugin.status} />
      </td>
      {!compact && <td>{languageWord(plugin.language)}</td>}
      {!compact && <Version plugin={plugin} />}
      <Reload plugin={plugin} />
      <td className={classes.right}>{formatCount(stats.calls)}</td>
      <td className={classes.right}>{formatDuration(stats.p95Ms)}</td>
      <td className={classes.right} data-bad={failedCalls > 0 || undefined}>
        {formatCount(failedCalls)}
      </td>
    </tr>
  );
}

function Version({ plugin: { version, contentHash } }: { plugin: PluginView }) {
  return (
    <td>
      {version} {contentHash && <span className={classes.hash}>{contentHash.slice(0, 8)}</span>}
    </td>
  );
}

function Reload({ plugin: { lastReload } }: { plugin: PluginView }) {
  if (lastReload === null) return <td className={classes.dim}>–</td>;
  const { at, ok, latencyMs } = lastReload;
  return (
    <td data-bad={!ok || undefined}>
      <Tooltip label={formatDate(at)}>
        <span>{formatClock(at)}</span>
      </Tooltip>
      {!ok && <span className={classes.failed}> · failed</span>}
      {ok && latencyMs !== null && <span className={classes.latency}> · {formatDuration(latencyMs)}</span>}
    </td>
  );
}
