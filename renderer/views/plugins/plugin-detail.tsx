import { ActionIcon, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { PluginView } from '../../../main/contract/plugin-view.ts';
import { Copyable } from '../../components/copy-button.tsx';
import { formatClock, formatCount, formatDate } from '../../components/format.ts';
import { StatusMark } from '../../components/mark.tsx';
import { reloadsWords } from '../../components/reload-words.ts';
import { Duration, Time } from '../../components/values.tsx';
import { formatRoute } from '../../state/route.ts';
import { navigate } from '../../state/ui.ts';
import { languageWord } from './language.ts';
import { PluginActions } from './plugin-actions-bar.tsx';
import { PluginDebug } from './plugin-debug.tsx';
import classes from './plugin-detail.module.css';
import { PluginFailureBox, PluginNotice } from './plugin-failure.tsx';

/** All about one plugin, and what can be done with it. */
export function PluginDetail({ plugin }: { plugin: PluginView }) {
  return (
    <aside className={classes.detail} aria-label={`Plugin ${plugin.name}`}>
      <header className={classes.head}>
        <h2 className={classes.title}>{plugin.name}</h2>
        <StatusMark status={plugin.status} />
        <Tooltip label="Close">
          <ActionIcon className={classes.close} aria-label="Close" onClick={() => navigate('plugins')}>
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
        <Identity plugin={plugin} />
      </div>
    </aside>
  );
}

function Calls({ plugin: { name, stats } }: { plugin: PluginView }) {
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['calls', formatCount(stats.calls)],
    ['errors', formatCount(stats.errors)],
    ['timeouts', formatCount(stats.timeouts)],
    ['p50', <Duration key="p50" ms={stats.p50Ms} />],
    ['p95', <Duration key="p95" ms={stats.p95Ms} />],
  ];
  return (
    <section>
      <div className={classes.sectionHead}>
        <h3 className={classes.section}>Executions</h3>
        <a href={`#${formatRoute('traces', { params: { plugin: name } })}`}>Traces of {name}</a>
      </div>
      <div className={classes.numbers}>
        {facts.map(([label, value]) => (
          <div key={label} className={classes.number}>
            <div className={classes.numberValue}>{value}</div>
            <div className={classes.numberLabel}>{label}</div>
          </div>
        ))}
      </div>
    </section>
  );
}

function Identity({ plugin }: { plugin: PluginView }) {
  return (
    <section>
      <h3 className={classes.section}>Version</h3>
      <dl className={classes.facts}>
        <Fact term="Shown as">{plugin.displayName}</Fact>
        <Fact term="Version">{plugin.version}</Fact>
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
        <Fact term="Last reload">
          <LastReload plugin={plugin} />
        </Fact>
        <Fact term="Reloads">{reloadsWords(plugin.reloads) ?? 'none yet'}</Fact>
        <Fact term="Language">{languageWord(plugin.language)}</Fact>
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
      </dl>
    </section>
  );
}

function LastReload({ plugin: { lastReload } }: { plugin: PluginView }) {
  if (lastReload === null) return '–';
  const { at, ok, latencyMs, cause } = lastReload;
  const why = { start: 'at the start', change: 'after a change', manual: 'by hand', restart: 'restart' }[
    cause
  ];
  return (
    <span title={formatDate(at)}>
      {formatClock(at)}, {why}
      {ok ? '' : ', failed'}
      {latencyMs !== null && (
        <>
          , <Duration ms={latencyMs} />
        </>
      )}
    </span>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </>
  );
}
