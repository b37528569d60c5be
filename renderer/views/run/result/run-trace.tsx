import { LoadingRows } from '../../../components/status/states.tsx';
import { ContextView } from '../../../components/trace/context-view.tsx';
import { EventsView } from '../../../components/trace/events-view.tsx';
import { ConsoleLines } from '../../../components/trace/logs-view.tsx';
import { loadTrace } from '../../../components/trace/trace-cache.ts';
import { useTrace } from '../../../components/trace/use-trace.ts';
import { WhyBanner } from '../../../components/trace/why-banner.tsx';
import classes from './run-result.module.css';

/** Why the call failed, as soon as its trace is loaded; renders nothing for a call that succeeded. */
export function RunWhy({ id }: { readonly id: string }) {
  const trace = useTrace(id, { patient: true });
  return trace.state === 'ready' ? <WhyBanner trace={trace.value} /> : null;
}

/** The call's trace: the context, the plugin's events and its console output. */
export function RunTrace({ id }: { readonly id: string }) {
  const trace = useTrace(id, { patient: true });
  if (trace.state === 'loading') return <LoadingRows rows={4} />;
  if (trace.state === 'failed') {
    return (
      <p className={classes.note} role="alert">
        Could not load the trace: {trace.error.message}{' '}
        <button type="button" className={classes.retry} onClick={() => loadTrace(id, { patient: true })}>
          Retry
        </button>
      </p>
    );
  }
  return (
    <>
      <section>
        <h3 className={classes.title}>Where each value came from</h3>
        <ContextView trace={trace.value} />
      </section>
      {trace.value.events.length > 0 && (
        <section>
          <h3 className={classes.title}>Stub events</h3>
          <EventsView trace={trace.value} />
        </section>
      )}
      {trace.value.console.length > 0 && (
        <section>
          <h3 className={classes.title}>Console output</h3>
          <ConsoleLines trace={trace.value} />
        </section>
      )}
    </>
  );
}
