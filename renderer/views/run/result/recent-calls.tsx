import { useEffect } from 'react';
import { useStore } from 'zustand';
import { OutcomeBadge } from '../../../components/status/outcome.tsx';
import { LoadState } from '../../../components/status/states.tsx';
import { formatDuration, showControls } from '../../../components/text/format.ts';
import { Time } from '../../../components/text/values.tsx';
import { formatRoute } from '../../../state/app/route.ts';
import classes from './recent-calls.module.css';
import { followRecentCalls, recentCalls, refreshRecentCalls } from './recent-calls-store.ts';

/** The latest calls of a plugin, each a link to its trace; renders nothing when there are none. */
export function RecentCalls({ plugin }: { readonly plugin: string }) {
  const state = useStore(recentCalls);
  useEffect(() => followRecentCalls(plugin), [plugin]);
  if (plugin === '' || state.plugin !== plugin) return null;
  if (state.calls.state === 'loading' || (state.calls.state === 'ready' && state.calls.value.length === 0))
    return null;
  return (
    <section className={classes.recent} aria-label={`Recent calls of ${plugin}`}>
      <h3 className={classes.title}>Recent calls of {showControls(plugin)}</h3>
      <LoadState load={state.calls} what="Recent calls" onRetry={refreshRecentCalls}>
        {(calls) => (
          <ul className={classes.list}>
            {calls.map(({ id, startedAt, outcome, status, durationMs, user }) => (
              <li key={id}>
                <a className={classes.call} href={`#${formatRoute('traces', { item: id })}`}>
                  <Time at={startedAt} coarse />
                  <OutcomeBadge outcome={outcome} variant="plain" />
                  <span className="tabular">{status ?? '–'}</span>
                  <span className="tabular">{formatDuration(durationMs)}</span>
                  <span className={classes.user}>{user === null ? '' : showControls(user)}</span>
                </a>
              </li>
            ))}
          </ul>
        )}
      </LoadState>
    </section>
  );
}
