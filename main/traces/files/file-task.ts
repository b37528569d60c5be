import { WorkbenchError } from '../../contract/errors.ts';
import type { TraceSummary } from '../../contract/trace.ts';
import { runInThread } from '../../system/thread-task.ts';

/** What the thread that reads a file of traces is given and sends (see file-worker.ts). */
export interface FileTask {
  readonly input: {
    readonly name: string;
    readonly text: string;
    /** Masked in every trace. */
    readonly secrets: readonly string[];
  };
  /** Some traces at a time, newest first. */
  readonly part: readonly FileTrace[];
  readonly answer: { readonly exportedAt: string | null };
}

/** A trace as its text: only what is looked at is parsed again. */
export interface FileTrace {
  readonly summary: TraceSummary;
  readonly json: string;
  /** What a search looks through. */
  readonly searchable: string;
}

interface FileContent {
  readonly exportedAt: string | null;
  /** Newest first. */
  readonly traces: readonly FileTrace[];
}

/**
 * Reads a file of traces.
 * @throws {WorkbenchError} BAD_REQUEST that names the file, the place in it, and what to do
 */
export type ReadTraces = (name: string, text: string) => Promise<FileContent>;

/** Ordinary files take a second. */
const LIMIT_MS = 60_000;

/** Reads one file at a time, each in a thread of its own. */
export function createTraceReader(
  script: string,
  secrets: readonly string[],
  limitMs = LIMIT_MS,
): ReadTraces {
  let turn: Promise<unknown> = Promise.resolve();
  const read = async (name: string, text: string): Promise<FileContent> => {
    const traces: FileTrace[] = [];
    const options = {
      signal: AbortSignal.timeout(limitMs),
      onPart: (part: FileTask['part']) => traces.push(...part),
    };
    try {
      return { ...(await runInThread<FileTask>(script, { name, text, secrets }, options)), traces };
    } catch (error) {
      if (error instanceof WorkbenchError && error.code === 'BAD_REQUEST') throw error;
      const why = options.signal.aborted
        ? `it takes longer than ${limitMs / 1000} s`
        : String(error instanceof Error ? error.message : error);
      const message = `“${name}” can't be opened: ${why}. Export fewer traces`;
      throw new WorkbenchError('BAD_REQUEST', message, { cause: error });
    }
  };
  return (name, text) => {
    const content = turn.then(() => read(name, text));
    turn = content.catch(() => undefined);
    return content;
  };
}
