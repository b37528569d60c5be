import { createStore } from 'zustand/vanilla';
import { MAX_TRACE_FILE_BYTES, type TraceFileView } from '../../../../main/contract/trace-file.ts';
import { call } from '../../../bridge.ts';
import { formatBytes } from '../../../components/text/format.ts';
import { shownFile } from '../../../components/trace/trace-ref.ts';
import { pickFile } from '../../../page.ts';
import { announce } from '../../../state/app/announcements.ts';
import { settle, toFailure } from '../../../state/app/loadable.ts';
import { navigate } from '../../../state/app/ui.ts';

export interface FileState {
  /** Known opened files, by id; one shown by a reloaded page is requested. */
  readonly files: ReadonlyMap<string, TraceFileView>;
  readonly opening: boolean;
}

export const fileStore = createStore<FileState>()(() => ({ files: new Map(), opening: false }));

/** The part of a `File` that opening needs. */
export interface ReadableFile {
  readonly name: string;
  readonly size: number;
  text(): Promise<string>;
}

/** Asks for a file and shows its traces. Never rejects. */
export async function pickTraceFile(): Promise<void> {
  const file = await pickFile('.json,application/json');
  if (file !== null) await openTraceFile(file);
}

/** Shows a file's traces, read-only; problems are announced. Never rejects. */
export async function openTraceFile(file: ReadableFile): Promise<void> {
  fileStore.setState({ opening: true });
  try {
    if (file.size > MAX_TRACE_FILE_BYTES) {
      throw new Error(
        `“${file.name}” has ${formatBytes(file.size)}; at most ${formatBytes(MAX_TRACE_FILE_BYTES)} can be opened. Export fewer traces: one plugin, or a selection.`,
      );
    }
    const view = await call('openTraceFile', { name: file.name.slice(0, 300), text: await file.text() });
    addFiles([view]);
    navigate('traces', { params: { file: view.id } });
  } catch (error) {
    announce({ tone: 'bad', title: 'File not opened', text: toFailure(error).message, key: 'open-file' });
  } finally {
    fileStore.setState({ opening: false });
  }
}

/** Back to the runtime's own traces. Never rejects. */
export async function closeTraceFile(id: string): Promise<void> {
  if (shownFile() === id) navigate('traces');
  const closed = await settle(call('closeTraceFile', { id }));
  if (closed.state === 'failed')
    announce({ tone: 'bad', title: 'File not closed', text: closed.error.message });
}

/** Requests the opened files, for a file shown by a reloaded page. */
export async function loadTraceFiles(): Promise<void> {
  const files = await settle(call('traceFiles', null));
  if (files.state === 'ready') addFiles(files.value);
}

function addFiles(views: readonly TraceFileView[]): void {
  const files = new Map(fileStore.getState().files);
  for (const view of views) files.set(view.id, view);
  fileStore.setState({ files });
}
