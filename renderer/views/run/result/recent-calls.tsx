import { useEffect, useState } from 'react';
import type { TraceSummary } from '../../../../main/contract/trace.ts';
import type { Inspector } from '../../../bridge.ts';
import { OutcomeBadge } from '../../../components/status/outcome.tsx';
import { LoadState } from '../../../components/status/states.tsx';
import { formatDuration, showControls } from '../../../components/text/format.ts';
import { Time } from '../../../components/text/values.tsx';
import { useStores } from '../../../components/use-stores.tsx';
import { LOADING, type Loadable, ready, settle } from '../../../state/app/loadable.ts';
import { formatRoute } from '../../../state/app/route.ts';
import classes from './recent-calls.module.css';

const SHOWN = 6;

/** Newest first. */
type Calls = Loadable<readonly TraceSummary[]>;

/** The latest calls of a plugin, each a link to its trace; renders nothing when there are none. */
export function RecentCalls({ plugin }: { readonly plugin: string }) {
  // Each plugin has its own list, which starts without the calls of the one before.
  return plugin === '' ? null : <CallsOf key={plugin} plugin={plugin} />;
}

function CallsOf({ plugin }: { readonly plugin: string }) {
  const { inspector } = useStores();
  const [load, setLoad] = useState<Calls>(LOADING);
  useEffect(() => followCalls(inspector, plugin, setLoad), [inspector, plugin]);
  const retry = async () => setLoad(await fetchCalls(inspector, plugin));
  if (load.state === 'loading' || (load.state === 'ready' && load.value.length === 0)) return null;
  return (
    <section className={classes.recent} aria-label={`Recent calls of ${plugin}`}>
      <h3 className={classes.title}>Recent calls of {showControls(plugin)}</h3>
      <LoadState load={load} what="Recent calls" onRetry={retry}>
        {(calls) => (
          <ul className={classes.list}>
            {calls.map((call) => (
              <CallRow key={call.id} call={call} />
            ))}
          </ul>
        )}
      </LoadState>
    </section>
  );
}

function CallRow({ call }: { readonly call: TraceSummary }) {
  const { id, startedAt, outcome, status, durationMs, user } = call;
  return (
    <li>
      <a className={classes.call} href={`#${formatRoute('traces', { item: id })}`}>
        <Time at={startedAt} coarse />
        <OutcomeBadge outcome={outcome} variant="plain" />
        <span className="tabular">{status ?? '–'}</span>
        <span className="tabular">{formatDuration(durationMs)}</span>
        <span className={classes.user}>{user === null ? '' : showControls(user)}</span>
      </a>
    </li>
  );
}

type SetCalls = (change: (before: Calls) => Calls) => void;

/** Follows the latest calls of one plugin, from any client. Returns `unsubscribe`. */
export function followCalls(inspector: Inspector, plugin: string, setCalls: SetCalls): () => void {
  let isFollowed = true;
  const refresh = async () => {
    const calls = await fetchCalls(inspector, plugin);
    if (isFollowed) setCalls(() => calls);
  };
  const subscriptions = [
    inspector.on('traces', ({ traces }) => setCalls((before) => withAdded(before, plugin, traces))),
    inspector.onConnection(({ state }) => {
      if (state === 'open') refresh().catch((error) => console.error('calls not loaded', error));
    }),
  ];
  return () => {
    isFollowed = false;
    for (const unsubscribe of subscriptions) unsubscribe();
  };
}

async function fetchCalls(inspector: Inspector, plugin: string): Promise<Calls> {
  const answer = await settle(inspector.call('traces', { limit: SHOWN, plugin }));
  return answer.state === 'ready' ? ready(answer.value.traces) : answer;
}

function withAdded(calls: Calls, plugin: string, traces: readonly TraceSummary[]): Calls {
  const own = traces.filter((trace) => trace.plugin === plugin).reverse();
  if (own.length === 0 || calls.state !== 'ready') return calls;
  const known = calls.value.filter(({ id }) => !own.some((trace) => trace.id === id));
  return ready([...own, ...known].slice(0, SHOWN));
}
