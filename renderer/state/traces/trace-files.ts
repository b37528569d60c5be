import { createStore } from 'zustand/vanilla';
import { MAX_TRACE_FILE_BYTES, type TraceFileView } from '../../../main/contract/trace-file.ts';
import type { Inspector } from '../../bridge.ts';
import { formatBytes } from '../../components/text/format.ts';
import type { Page } from '../../page.ts';
import type { Announcements } from '../app/announcements.ts';
import { settle, toFailure } from '../app/loadable.ts';
import type { UiStore } from '../app/ui.ts';
import { shownFile } from './trace-ref.ts';

export interface TraceFilesState {
  /** Known opened files, by id; one shown by a reloaded page is requested. */
  readonly files: ReadonlyMap<string, TraceFileView>;
  readonly opening: boolean;
}

/** The part of a `File` that opening needs. */
export interface ReadableFile {
  readonly name: string;
  readonly size: number;
  text(): Promise<string>;
}

interface TraceFilesDeps {
  readonly inspector: Inspector;
  readonly page: Page;
  readonly announcements: Announcements;
  readonly ui: UiStore;
}

export function createTraceFiles({ inspector, page, announcements, ui }: TraceFilesDeps) {
  const store = createStore<TraceFilesState>()(() => ({ files: new Map(), opening: false }));

  /** Asks for a file and shows its traces. Never rejects. */
  async function pick(): Promise<void> {
    const file = await page.pickFile('.json,application/json');
    if (file !== null) await open(file);
  }

  /** Shows a file's traces, read-only; problems are announced. Never rejects. */
  async function open(file: ReadableFile): Promise<void> {
    store.setState({ opening: true });
    try {
      if (file.size > MAX_TRACE_FILE_BYTES) throw new Error(describeTooLarge(file));
      const name = file.name.slice(0, 300);
      const view = await inspector.call('openTraceFile', { name, text: await file.text() });
      add([view]);
      ui.navigate('traces', { params: { file: view.id } });
    } catch (error) {
      const { message } = toFailure(error);
      announcements.announce({ tone: 'bad', title: 'File not opened', text: message, key: 'open-file' });
    } finally {
      store.setState({ opening: false });
    }
  }

  /** Back to the runtime's own traces. Never rejects. */
  async function close(id: string): Promise<void> {
    if (shownFile(ui.store.getState().route) === id) ui.navigate('traces');
    const closed = await settle(inspector.call('closeTraceFile', { id }));
    if (closed.state === 'failed') {
      announcements.announce({ tone: 'bad', title: 'File not closed', text: closed.error.message });
    }
  }

  /** Requests the opened files, for a file shown by a reloaded page. Never rejects. */
  async function load(): Promise<void> {
    const files = await settle(inspector.call('traceFiles', null));
    if (files.state === 'ready') add(files.value);
  }

  function add(views: readonly TraceFileView[]): void {
    const files = new Map(store.getState().files);
    for (const view of views) files.set(view.id, view);
    store.setState({ files });
  }
  return {
    store,
    pick,
    open,
    close,
    load,
  };
}

function describeTooLarge({ name, size }: ReadableFile): string {
  const limit = formatBytes(MAX_TRACE_FILE_BYTES);
  return `“${name}” has ${formatBytes(size)}; at most ${limit} can be opened. Export fewer traces: one plugin, or a selection.`;
}
