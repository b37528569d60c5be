import { ROUTES } from '../../../../main/contract/http.ts';
import type { PersonaId, RunRoute } from '../../../../main/contract/run.ts';
import type { Trace } from '../../../../main/contract/trace.ts';
import { choose, navigate, uiStore } from '../../../state/app/ui.ts';
import { editableBody } from '../result/run-model.ts';
import { send } from '../result/send.ts';
import { openBody } from '../samples/samples-store.ts';
import { chooseRoute, chooseRun, runChoices } from './run-choices.ts';

type Called = Pick<Trace, 'plugin' | 'request'>;

/** Opens the Run screen with a trace's plugin, path and body, as `persona`. Does nothing if the body was truncated. */
export function editAndReplay(trace: Called, persona: PersonaId): void {
  const body = loadIntoForm(trace);
  if (body === null) return;
  chooseRun({ several: false });
  choose({ persona });
  navigate('run', { item: trace.plugin });
}

/** Repeats a trace's call as every selected persona, on the Run screen. Never rejects; does nothing if the body was truncated. */
export async function replayAsSeveral(trace: Called): Promise<void> {
  const body = loadIntoForm(trace);
  if (body === null) return;
  const { persona } = uiStore.getState().choices;
  chooseRun({ several: true });
  navigate('run', { item: trace.plugin });
  const { customToken: token } = uiStore.getState();
  const wish = { plugin: trace.plugin, body, persona, route: routeOf(trace), token };
  await send(wish, runChoices.getState().personas);
}

/** Fills in plugin, path and body; null if the body was truncated. */
function loadIntoForm(trace: Called): string | null {
  const body = editableBody(trace.request.body);
  if (body === null) return null;
  openBody(trace.plugin, body);
  chooseRoute(trace.plugin, routeOf(trace));
  choose({ runPlugin: trace.plugin });
  return body;
}

/** Which of the two execute paths a request was sent to. */
export function routeOf({ request }: Pick<Trace, 'request'>): RunRoute {
  const [before = '', after = ''] = ROUTES.hostExecute.split(':plugin_name');
  return request.path.startsWith(before) && request.path.endsWith(after) ? 'plugin-host' : 'execute';
}
