import type { PersonaId } from './run.ts';
import type { SavedFile, UnsavedFile } from './save.ts';
import type { Outcome } from './trace.ts';

/** Traces as files: how they leave a workbench, and how a file is looked at in another one. */

/** What a file of our own says about itself: its first two keys. */
export const TRACE_FILE = { format: 'mozaiks-workbench-traces', version: 1 } as const;

/** Largest file that is opened: it is held in memory whole, some ten thousand ordinary traces. */
export const MAX_TRACE_FILE_BYTES = 32 * 1024 * 1024;
/** Most traces that are named one by one in an export; more are chosen by a filter. */
export const MAX_EXPORTED_IDS = 10_000;

/** `json`: everything, to be opened again. `har`: HTTP Archive 1.2, for other tools. */
export const TRACE_FILE_FORMATS = ['json', 'har'] as const;
export type TraceFileFormat = (typeof TRACE_FILE_FORMATS)[number];

/** Where a trace is stored: in an opened file of this id, or (null) in the runtime's own store. */
export interface TraceRef {
  readonly id: string;
  readonly file: string | null;
}

/** Which traces an export holds, newest first unless they are named. */
export type TraceChoice =
  | { readonly traces: readonly TraceRef[] }
  | {
      /** An opened file, or null for the runtime's own store. */
      readonly file: string | null;
      readonly plugin?: string;
      readonly outcome?: Outcome;
      readonly text?: string;
    };

/** What became of an export; how many traces it holds is known once it is written. */
export type ExportOutcome = (SavedFile & { readonly count: number }) | UnsavedFile;

/** A file that was opened to be looked at; none of it enters the runtime's own store. */
export interface TraceFileView {
  readonly id: string;
  /** The file's name without its folders. */
  readonly name: string;
  readonly count: number;
  /** As the file says, ISO 8601; null where it says nothing. */
  readonly exportedAt: string | null;
}

/** What a UI may ask about traces as files. `null`: no argument or no answer. */
export interface TraceFileFunctions {
  /** In the window through a save dialog, in a browser as a download. */
  exportTraces: { argument: { format: TraceFileFormat; choice: TraceChoice }; answer: ExportOutcome };
  /** Checks a file's text and keeps its traces beside the store, for looking only. */
  openTraceFile: { argument: { name: string; text: string }; answer: TraceFileView };
  /** The files that are open now. */
  traceFiles: { argument: null; answer: readonly TraceFileView[] };
  closeTraceFile: { argument: { id: string }; answer: null };
  /** The request of a trace as a command: its own path, headers and body, as the persona given. */
  traceAsCurl: {
    argument: TraceRef & { persona: PersonaId; token?: string; revealToken: boolean };
    answer: string;
  };
}
