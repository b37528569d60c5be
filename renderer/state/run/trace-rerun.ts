import { ROUTES } from '../../../main/contract/http.ts';
import type { PersonaId, RunRoute } from '../../../main/contract/run.ts';
import type { StoredBody, Trace } from '../../../main/contract/trace.ts';
import type { UiStore } from '../app/ui.ts';
import { prettyBody } from '../traces/stored-body.ts';
import type { FormStore } from './form-store.ts';
import type { RunsStore } from './runs-store.ts';
import type { SamplesStore } from './samples-store.ts';

/** The part of a trace that a new run needs. */
export type RecordedCall = Pick<Trace, 'plugin' | 'request'>;

interface TraceRerunDeps {
  readonly ui: UiStore;
  readonly form: FormStore;
  readonly samples: SamplesStore;
  readonly runs: RunsStore;
}

/** Takes a trace's call to the Run screen. */
export function createTraceRerun({ ui, form, samples, runs }: TraceRerunDeps) {
  /**
   * Opens the Run screen with a trace's plugin, path and body, as `persona`. Does nothing if the body was
   * truncated.
   */
  function edit(trace: RecordedCall, persona: PersonaId): void {
    if (loadIntoForm(trace) === null) return;
    form.choose({ several: false });
    ui.choose({ persona });
    ui.navigate('run', { item: trace.plugin });
  }

  /**
   * Repeats a trace's call as every selected persona, on the Run screen. Never rejects; does nothing if the
   * body was truncated.
   */
  async function runAsSeveral(trace: RecordedCall): Promise<void> {
    const body = loadIntoForm(trace);
    if (body === null) return;
    form.choose({ several: true });
    ui.navigate('run', { item: trace.plugin });
    const { choices, customToken } = ui.store.getState();
    const { personas, subscriptions } = form.store.getState().choices;
    const input = {
      plugin: trace.plugin,
      body,
      persona: choices.persona,
      route: routeOf(trace),
      token: customToken,
      subscriptions,
    };
    await runs.start(input, personas);
  }

  /** Fills in plugin, path and body; null if the body was truncated. */
  function loadIntoForm(trace: RecordedCall): string | null {
    const body = editableBody(trace.request.body);
    if (body === null) return null;
    samples.openBody(trace.plugin, body);
    form.chooseRoute(trace.plugin, routeOf(trace));
    ui.choose({ runPlugin: trace.plugin });
    return body;
  }
  return {
    edit,
    runAsSeveral,
  };
}

/** Which of the two execute paths a request was sent to. */
export function routeOf({ request }: Pick<Trace, 'request'>): RunRoute {
  const [before = '', after = ''] = ROUTES.hostExecute.split(':plugin_name');
  return request.path.startsWith(before) && request.path.endsWith(after) ? 'plugin-host' : 'execute';
}

/** Editor text for a trace's body; null when it was truncated, since the rest is gone. */
export function editableBody(body: StoredBody | null): string | null {
  if (body === null) return '';
  if (body.truncated) return null;
  return prettyBody(body);
}
