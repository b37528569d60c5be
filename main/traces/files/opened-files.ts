import { randomBytes } from 'node:crypto';
import { WorkbenchError } from '../../contract/errors.ts';
import type { Trace, TraceSummary } from '../../contract/trace.ts';
import { MAX_TRACE_FILE_BYTES, type TraceFileView } from '../../contract/trace-file.ts';
import type { TracePage, TraceQuery } from '../../contract/trace-list.ts';
import type { Redactor } from '../record/redact.ts';
import type { FileTrace, ReadTraces } from './file-task.ts';

/**
 * Files of traces that were opened to be looked at. Nothing of them enters the store, and none can change.
 */
export interface OpenedFiles {
  /** Closes the one opened longest ago when there are too many. */
  open(name: string, text: string): Promise<TraceFileView>;
  views(): readonly TraceFileView[];
  close(id: string): void;
  /** @throws {WorkbenchError} NOT_FOUND when the file is closed */
  list(file: string, query: Omit<TraceQuery, 'file'>): TracePage;
  /** @throws {WorkbenchError} NOT_FOUND when the file is closed or has no such trace */
  get(file: string, id: string): Trace;
}

interface OpenedFile {
  readonly view: TraceFileView;
  /** By id, newest first. */
  readonly traces: ReadonlyMap<string, FileTrace>;
  /** Characters of the file's text. */
  readonly size: number;
  /** Newest first, renumbered: a file may contain traces of several runs of a workbench. */
  readonly rows: readonly TraceSummary[];
}

/** Two to compare with each other, and some to go back to; of large ones fewer, since they are held whole. */
const MAX_FILES = 4;
const MAX_TOTAL_SIZE = 2 * MAX_TRACE_FILE_BYTES;

export function createOpenedFiles(redactor: Redactor, readTraces: ReadTraces): OpenedFiles {
  const files = new Map<string, OpenedFile>();

  function opened(id: string): OpenedFile {
    const file = files.get(id);
    if (file !== undefined) return file;
    throw new WorkbenchError('NOT_FOUND', 'This file is no longer open; open it again');
  }

  /** The newest stays open, whatever its size. */
  function isTooMuch(): boolean {
    const total = [...files.values()].reduce((sum, { size }) => sum + size, 0);
    return files.size > MAX_FILES || (files.size > 1 && total > MAX_TOTAL_SIZE);
  }

  return {
    async open(given, text) {
      const name = redactor.text(given);
      const { traces, exportedAt } = await readTraces(name, text);
      const id = randomBytes(6).toString('hex');
      const rows = traces.map(({ summary }, index) => ({ ...summary, seq: traces.length - index }));
      const view = { id, name, count: traces.length, exportedAt };
      files.set(id, {
        view,
        rows,
        size: text.length,
        traces: new Map(traces.map((trace) => [trace.summary.id, trace])),
      });
      for (const oldest of files.keys()) if (isTooMuch()) files.delete(oldest);
      return view;
    },
    views: () => [...files.values()].map(({ view }) => view),
    close: (id) => {
      files.delete(id);
    },
    list(file, query) {
      const { rows, traces } = opened(file);
      const matches = rows.filter((row) => isMatch(row, traces.get(row.id), query));
      const older = matches.filter(({ seq }) => query.before === undefined || seq < query.before);
      return {
        traces: older.slice(query.skip ?? 0).slice(0, query.limit),
        matched: matches.length,
        kept: rows.length,
        dropped: 0,
      };
    },
    get(file, id) {
      const trace = opened(file).traces.get(id);
      if (trace !== undefined) return JSON.parse(trace.json) as Trace;
      throw new WorkbenchError('NOT_FOUND', `The opened file has no trace '${id}'`);
    },
  };
}

function isMatch(
  row: TraceSummary,
  trace: FileTrace | undefined,
  { plugin, outcome, text = '' }: Pick<TraceQuery, 'plugin' | 'outcome' | 'text'>,
): boolean {
  return (
    (plugin === undefined || row.plugin === plugin) &&
    (outcome === undefined || row.outcome === outcome) &&
    (text === '' || trace?.searchable.includes(text.toLowerCase()) === true)
  );
}
