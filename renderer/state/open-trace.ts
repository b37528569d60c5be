import { choose, navigate, uiStore } from './ui.ts';

export type TraceTab = 'waterfall' | 'context' | 'jwt' | 'request' | 'response' | 'logs';

/** Goes to a trace with this tab open. */
export function openTrace(id: string, tab: TraceTab): void {
  choose({ tabs: { ...uiStore.getState().choices.tabs, trace: tab } });
  navigate('traces', { item: id });
}
