import type { Inspector } from '../../bridge.ts';
import type { Page } from '../../page.ts';
import type { Announcements } from '../app/announcements.ts';
import type { RuntimeStore } from '../app/runtime.ts';
import type { UiStore } from '../app/ui.ts';
import { createFormStore } from './form-store.ts';
import { createRunsStore } from './runs-store.ts';
import { createSampleDialog } from './sample-dialog.ts';
import { createSamplesStore } from './samples-store.ts';
import { createTraceRerun } from './trace-rerun.ts';

interface RunStoresDeps {
  readonly inspector: Inspector;
  readonly page: Page;
  readonly announcements: Announcements;
  readonly runtime: RuntimeStore;
  readonly ui: UiStore;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** The stores of the Run screen. */
export function createRunStores({ inspector, page, announcements, runtime, ui, now }: RunStoresDeps) {
  const runForm = createFormStore({ page, ui });
  const runs = createRunsStore({ inspector, announcements, runtime, form: runForm, now });
  const samples = createSamplesStore({ inspector, page, runtime, form: runForm });
  return {
    runForm,
    runs,
    samples,
    sampleDialog: createSampleDialog({ inspector, announcements, form: runForm, samples }),
    traceRerun: createTraceRerun({ ui, form: runForm, samples, runs }),
  };
}
