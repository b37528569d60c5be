import type { TraceRequest, TraceResponse } from '../../../../main/contract/trace.ts';
import { BodyView } from '../../../components/json/json-view.tsx';
import { EmptyState } from '../../../components/status/states.tsx';
import { formatBytes, showControls } from '../../../components/text/format.ts';
import { HeadersTable } from '../../../components/trace/headers-table.tsx';
import { statusText } from '../../../components/trace/status-text.ts';
import classes from './message-view.module.css';

/** What the client sent. */
export function RequestView({ request }: { readonly request: TraceRequest }) {
  return (
    <div className={classes.view}>
      <p className={classes.first}>
        <strong>{request.method}</strong> {showControls(request.path)}
      </p>
      <section>
        <h3 className={classes.title}>Headers</h3>
        <HeadersTable headers={request.headers} />
      </section>
      <section>
        <h3 className={classes.title}>
          Body <Size bytes={request.body?.bytes ?? 0} />
        </h3>
        <BodyView body={request.body} />
      </section>
    </div>
  );
}

/** What the client received; null when it disconnected first. */
export function ResponseView({ response }: { readonly response: TraceResponse | null }) {
  if (response === null) {
    return <EmptyState title="No answer was sent" text="The client closed the connection first." />;
  }
  return (
    <div className={classes.view}>
      <p className={classes.first}>
        <strong>{response.status}</strong> {statusText(response.status)}
      </p>
      <section>
        <h3 className={classes.title}>Headers</h3>
        <HeadersTable headers={response.headers} checkVersion />
      </section>
      <section>
        <h3 className={classes.title}>
          Body <Size bytes={response.body?.bytes ?? 0} />
        </h3>
        <BodyView body={response.body} />
      </section>
    </div>
  );
}

function Size({ bytes }: { readonly bytes: number }) {
  return bytes === 0 ? null : <span className={classes.size}>{formatBytes(bytes)}</span>;
}
