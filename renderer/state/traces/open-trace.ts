import { chooseTab, navigate } from '../app/ui.ts';

export type TraceTab = 'waterfall' | 'context' | 'jwt' | 'request' | 'response' | 'logs';

/** Opens a trace at this tab. */
export function openTrace(id: string, tab: TraceTab): void {
  chooseTab('trace', tab);
  navigate('traces', { item: id });
}
