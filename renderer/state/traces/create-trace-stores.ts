import type { Inspector } from '../../bridge.ts';
import type { Page } from '../../page.ts';
import type { Announcements } from '../app/announcements.ts';
import type { Saving } from '../app/saving.ts';
import type { UiStore } from '../app/ui.ts';
import { createChildListStore } from './child-list-store.ts';
import { createReplay } from './replay.ts';
import { createTraceCache } from './trace-cache.ts';
import { createTraceComparison } from './trace-comparison.ts';
import { createTraceExport } from './trace-export.ts';
import { createTraceFiles } from './trace-files.ts';
import { createTraceFilters } from './trace-filters.ts';
import { createTraceMarks } from './trace-marks.ts';
import { createTracePages } from './trace-pages.ts';
import { createTraceSelection } from './trace-selection.ts';
import { createTraceStore } from './trace-store.ts';

interface TraceStoresDeps {
  readonly inspector: Inspector;
  readonly page: Page;
  readonly announcements: Announcements;
  readonly saving: Saving;
  readonly ui: UiStore;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** The stores of the trace list and of single traces. */
export function createTraceStores({ inspector, page, announcements, saving, ui, now }: TraceStoresDeps) {
  const traces = createTraceStore({ inspector, announcements });
  const tracePages = createTracePages({ inspector, announcements, traces });
  const traceMarks = createTraceMarks({ ui, traces });
  const traceComparison = createTraceComparison({ ui, traceMarks });
  return {
    traces,
    tracePages,
    traceMarks,
    traceComparison,
    traceCache: createTraceCache({ inspector }),
    childList: createChildListStore(),
    traceFilters: createTraceFilters({ page, ui, traces }),
    traceSelection: createTraceSelection({ ui, traces, tracePages, traceMarks, traceComparison }),
    traceFiles: createTraceFiles({ inspector, page, announcements, ui }),
    traceExport: createTraceExport({ inspector, saving, ui, traces }),
    replay: createReplay({ inspector, announcements, ui, now }),
  };
}
