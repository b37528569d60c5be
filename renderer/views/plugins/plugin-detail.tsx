import { ActionIcon, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { PluginView } from '../../../main/contract/plugin-view.ts';
import { Copyable } from '../../components/controls/copy-button.tsx';
import { useCommands } from '../../components/controls/use-commands.ts';
import { Fact } from '../../components/layout/fact.tsx';
import { formatLanguage } from '../../components/plugin/language.ts';
import { formatCount, showControls } from '../../components/text/format.ts';
import { StatusMark } from '../../components/text/mark.tsx';
import { Duration, Time } from '../../components/text/values.tsx';
import { useStores } from '../../components/use-stores.tsx';
import { formatRoute } from '../../state/app/route.ts';
import { EVENTS_PLACE } from '../../state/messages/messages-places.ts';
import { PluginActions } from './plugin-actions-bar.tsx';
import { DETAIL_REGION, detailCommands } from './plugin-commands.ts';
import { PluginDebug } from './plugin-debug.tsx';
import classes from './plugin-detail.module.css';
import { PluginFailureBox, PluginNotice } from './plugin-failure.tsx';
import { PluginFindings } from './plugin-findings.tsx';
import { ReloadHistory } from './reload-history.tsx';

/** One plugin: its facts, failure, reloads and actions. */
export function PluginDetail({ plugin }: { plugin: PluginView }) {
  const stores = useStores();
  useCommands(detailCommands(stores, plugin));
  return (
    <aside className={classes.detail} aria-label={`Plugin ${plugin.name}`} id={DETAIL_REGION} tabIndex={-1}>
      <header className={classes.head}>
        <h2 className={classes.title}>{plugin.name}</h2>
        <StatusMark status={plugin.status} />
        <span className={classes.facets}>
          {formatLanguage(plugin.language)} · {plugin.version}
        </span>
        <Tooltip label="Close">
          <ActionIcon className={classes.close} aria-label="Close" onClick={stores.pluginList.closeDetail}>
            <IconX size={16} />
          </ActionIcon>
        </Tooltip>
      </header>
      <div className={classes.body}>
        {plugin.description !== '' && <p className={classes.about}>{plugin.description}</p>}
        <PluginActions plugin={plugin} />
        {plugin.debug && <PluginDebug plugin={plugin} debug={plugin.debug} />}
        {plugin.failure && <PluginFailureBox plugin={plugin} failure={plugin.failure} />}
        {plugin.notice !== null && <PluginNotice text={plugin.notice} />}
        <Calls plugin={plugin} />
        <PluginFindings plugin={plugin} />
        <Subscriptions plugin={plugin} />
        <ReloadHistory plugin={plugin} />
        <Identity plugin={plugin} />
      </div>
    </aside>
  );
}

function Calls({ plugin: { name, stats } }: { plugin: PluginView }) {
  const facts: readonly (readonly [string, ReactNode, boolean])[] = [
    ['calls', formatCount(stats.calls), false],
    ['errors', formatCount(stats.errors), stats.errors > 0],
    ['timeouts', formatCount(stats.timeouts), stats.timeouts > 0],
    ['p50', <Duration key="p50" ms={stats.p50Ms} />, false],
    ['p95', <Duration key="p95" ms={stats.p95Ms} />, false],
  ];
  return (
    <section>
      <div className={classes.sectionHead}>
        <h3 className={classes.section}>Executions</h3>
        <a href={`#${formatRoute('traces', { params: { plugin: name } })}`}>Traces of {name}</a>
      </div>
      <div className={classes.numbers}>
        {facts.map(([label, value, bad]) => (
          <div key={label} className={classes.number} data-bad={bad || undefined}>
            <div className={classes.numberValue}>{value}</div>
            <div className={classes.numberLabel}>{label}</div>
          </div>
        ))}
      </div>
    </section>
  );
}

/** The events of other plugins, and of the runtime, that it waits for. */
function Subscriptions({ plugin: { subscriptions = [] } }: { plugin: PluginView }) {
  if (subscriptions.length === 0) return null;
  return (
    <section>
      <div className={classes.sectionHead}>
        <h3 className={classes.section}>Subscribes to</h3>
        <a href={`#${formatRoute('messages', { item: EVENTS_PLACE })}`}>Send event</a>
      </div>
      <dl className={classes.facts}>
        {subscriptions.map(({ event, subscribers }) => (
          <Fact key={event} term={showControls(event)}>
            <span className="mono">{showControls(subscribers.join(', '))}</span>
          </Fact>
        ))}
      </dl>
    </section>
  );
}

function Identity({ plugin }: { plugin: PluginView }) {
  return (
    <section>
      <div className={classes.sectionHead}>
        <h3 className={classes.section}>Serving version</h3>
      </div>
      <dl className={classes.facts}>
        <Fact term="Content hash">
          {plugin.contentHash ? (
            <Copyable text={plugin.contentHash} label="Copy content hash">
              <span className="mono">{plugin.contentHash}</span>
            </Copyable>
          ) : (
            'no version has loaded'
          )}
        </Fact>
        <Fact term="Loaded">
          {plugin.loadedAt === null ? '–' : <Time at={plugin.loadedAt} coarse />}
          {plugin.pid !== null && `, in process ${plugin.pid}`}
        </Fact>
        <Fact term="Entry file">
          <Copyable text={plugin.entry} label="Copy path">
            <span className="mono">{plugin.entry}</span>
          </Copyable>
        </Fact>
        <Fact term="In production">
          <Copyable text={plugin.backend} label="Copy import path">
            <span className="mono">{plugin.backend}</span>
          </Copyable>
        </Fact>
        {plugin.displayName !== plugin.name && <Fact term="Shown as">{plugin.displayName}</Fact>}
      </dl>
    </section>
  );
}
