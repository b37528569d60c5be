import { createStore } from 'zustand/vanilla';
import type { TraceChoice, TraceFileFormat } from '../../../../main/contract/trace-file.ts';
import { call } from '../../../bridge.ts';
import { plural } from '../../../components/text/format.ts';
import { parseRef, shownFile } from '../../../components/trace/trace-ref.ts';
import { announceSaved } from '../../../state/app/saving.ts';
import { traceStore } from '../../../state/traces/trace-store.ts';

/** One export at a time: a large one takes a while. */
export const exportStore = createStore<{ readonly running: boolean }>()(() => ({ running: false }));

export const FORMAT_LABELS: Readonly<
  Record<TraceFileFormat, { readonly name: string; readonly about: string }>
> = {
  json: { name: 'JSON', about: 'Complete; can be opened here again' },
  har: { name: 'HAR 1.2', about: 'For other tools; requests and responses' },
};

/** The traces of these refs. */
export function choiceOf(refs: readonly string[]): TraceChoice {
  return { traces: refs.map(parseRef) };
}

/** Everything that matches the list's filters, including what was not loaded. */
export function shownChoice(): TraceChoice {
  const { plugin, outcome, text } = traceStore.getState().filters;
  return {
    file: shownFile(),
    ...(plugin === null ? {} : { plugin }),
    ...(outcome === null ? {} : { outcome }),
    ...(text === '' ? {} : { text }),
  };
}

/** Saves traces as a file. Never rejects. */
export async function exportTraces(format: TraceFileFormat, choice: TraceChoice): Promise<void> {
  if (exportStore.getState().running) return;
  exportStore.setState({ running: true });
  await announceSaved(
    call('exportTraces', { format, choice }),
    ({ count }) => `${plural(count, 'trace')} exported`,
  );
  exportStore.setState({ running: false });
}
