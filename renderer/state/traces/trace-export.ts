import { createStore } from 'zustand/vanilla';
import type { TraceChoice, TraceFileFormat } from '../../../main/contract/trace-file.ts';
import type { Inspector } from '../../bridge.ts';
import { plural } from '../../components/text/format.ts';
import type { Saving } from '../app/saving.ts';
import type { UiStore } from '../app/ui.ts';
import { filterFields } from './trace-query.ts';
import { parseRef, shownFile } from './trace-ref.ts';
import type { TraceStore } from './trace-store.ts';

/** The traces of these refs. */
export function choiceOf(refs: readonly string[]): TraceChoice {
  return { traces: refs.map(parseRef) };
}

interface TraceExportDeps {
  readonly inspector: Inspector;
  readonly saving: Saving;
  readonly ui: UiStore;
  readonly traces: TraceStore;
}

export function createTraceExport({ inspector, saving, ui, traces }: TraceExportDeps) {
  /** One export at a time: a large one takes a while. */
  const store = createStore<{ readonly running: boolean }>()(() => ({ running: false }));

  /** Everything that matches the list's filters, including what was not loaded. */
  function shownChoice(): TraceChoice {
    const file = shownFile(ui.store.getState().route);
    return { file, ...filterFields(traces.store.getState().filters) };
  }

  /** Saves traces as a file. Never rejects. */
  async function save(format: TraceFileFormat, choice: TraceChoice): Promise<void> {
    if (store.getState().running) return;
    store.setState({ running: true });
    const saved = inspector.call('exportTraces', { format, choice });
    await saving.announceSaved(saved, ({ count }) => `${plural(count, 'trace')} exported`);
    store.setState({ running: false });
  }
  return {
    store,
    shownChoice,
    save,
  };
}
