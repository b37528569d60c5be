import { Tooltip } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconBug } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { PluginView } from '../../../main/contract/plugin-view.ts';
import { formatLanguage, languageTag } from '../../components/plugin/language.ts';
import { formatClock, formatCount, formatDate, formatDuration } from '../../components/text/format.ts';
import { StatusMark } from '../../components/text/mark.tsx';
import { useStores } from '../../components/use-stores.tsx';
import { focusElement } from '../../page.ts';
import { formatRoute } from '../../state/app/route.ts';
import type { PluginColumn } from '../../state/plugins/plugin-list.ts';
import { DETAIL_REGION, rowId } from './plugin-commands.ts';
import { FindingsMark } from './plugin-findings.tsx';
import classes from './plugin-table.module.css';

export interface PluginTableProps {
  /** In the order they are shown in. */
  readonly plugins: readonly PluginView[];
  readonly chosen: string | null;
}

/** One row per plugin; in a narrow window the least important columns are hidden first. */
export function PluginTable({ plugins, chosen }: PluginTableProps) {
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            <Head column="name">Name</Head>
            <Head column="status">Status</Head>
            <Head column="language" className={classes.language}>
              <span className={classes.long}>Language</span>
              <span className={classes.short}>Lang.</span>
            </Head>
            <Head column="version" className={classes.version}>
              Version
            </Head>
            <Head column="reload">Reloaded</Head>
            <Head column="latency" className={classes.latency} right>
              Took
            </Head>
            <Head column="calls" right>
              Calls
            </Head>
            <Head column="p95" className={classes.p95} right>
              p95
            </Head>
            <Head column="errors" right>
              Errors
            </Head>
          </tr>
        </thead>
        <tbody>
          {plugins.map((plugin) => (
            <Row key={plugin.name} plugin={plugin} chosen={plugin.name === chosen} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface HeadProps {
  readonly column: PluginColumn;
  readonly right?: boolean;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

function Head({ column, right = false, className = '', children }: HeadProps) {
  const stores = useStores();
  const order = useStore(stores.pluginList.store, (state) =>
    state.column === column ? state.descending : null,
  );
  const direction = order === true ? 'descending' : 'ascending';
  const sorted = order === null ? 'none' : direction;
  const Icon = order === true ? IconArrowDown : IconArrowUp;
  return (
    <th className={className} data-right={right || undefined} aria-sort={sorted}>
      <button type="button" className={classes.sort} onClick={() => stores.pluginList.sortBy(column)}>
        {children}
        {order !== null && <Icon size={12} aria-hidden />}
      </button>
    </th>
  );
}

function Row({ plugin, chosen }: { plugin: PluginView; chosen: boolean }) {
  const stores = useStores();
  const { name, stats, language, lastReload } = plugin;
  // The detail distinguishes them; here each is a failed call.
  const failedCalls = stats.errors + stats.timeouts;
  return (
    <tr data-chosen={chosen || undefined} onClick={() => stores.pluginList.choose(name)}>
      <td className={classes.name}>
        <a
          id={rowId(name)}
          href={`#${formatRoute('plugins', { item: name })}`}
          aria-current={chosen || undefined}
          title={name}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            stores.pluginList.choose(name);
            focusElement(DETAIL_REGION);
          }}
        >
          {name}
        </a>
        {plugin.debug && <DebugMark attached={plugin.debug.attached} />}
        <FindingsMark findings={stats.findings} />
      </td>
      <td>
        <StatusMark status={plugin.status} />
      </td>
      <td className={classes.language} title={formatLanguage(language)}>
        <span className={classes.long}>{formatLanguage(language)}</span>
        <span className={classes.short}>{languageTag(language)}</span>
      </td>
      <td className={classes.version}>
        {plugin.version}{' '}
        {plugin.contentHash && <span className={classes.hash}>{plugin.contentHash.slice(0, 8)}</span>}
      </td>
      <td
        data-bad={lastReload?.ok === false || undefined}
        title={lastReload ? formatDate(lastReload.at) : ''}
      >
        {lastReload === null ? '–' : formatClock(lastReload.at)}
      </td>
      <td className={classes.latency} data-right data-bad={lastReload?.ok === false || undefined}>
        {lastReload?.ok === false ? 'failed' : formatDuration(lastReload?.latencyMs ?? null)}
      </td>
      <td data-right>{formatCount(stats.calls)}</td>
      <td className={classes.p95} data-right>
        {formatDuration(stats.p95Ms)}
      </td>
      <td data-right data-bad={failedCalls > 0 || undefined} data-none={failedCalls === 0 || undefined}>
        {formatCount(failedCalls)}
      </td>
    </tr>
  );
}

function DebugMark({ attached }: { attached: boolean }) {
  return (
    <Tooltip label={attached ? 'A debugger is attached' : 'Waiting for a debugger'}>
      <IconBug
        size={14}
        role="img"
        aria-label="being debugged"
        className={classes.bug}
        data-attached={attached || undefined}
      />
    </Tooltip>
  );
}
