import type { Trace, TraceSummary } from '../../contract/trace.ts';
import type { TraceChoice } from '../../contract/trace-file.ts';
import type { TracePage, TraceQuery } from '../../contract/trace-list.ts';
import type { OpenedFiles } from './opened-files.ts';

/** As much of a store as reading it one by one takes. */
export interface TraceSource {
  search(query: TraceQuery): Promise<TracePage>;
  read(id: string): Promise<Trace | undefined>;
}

const PAGE = 200;

/**
 * The traces of a choice, one at a time: newest first, or in the order they were named. What the store has
 * dropped since it was chosen is left out; what it gains meanwhile does not join.
 */
export async function* chosenTraces(
  store: TraceSource,
  files: OpenedFiles,
  choice: TraceChoice,
): AsyncIterable<Trace> {
  if ('traces' in choice) {
    for (const { id, file } of choice.traces) {
      const trace = file === null ? await store.read(id) : files.get(file, id);
      if (trace !== undefined) yield trace;
    }
    return;
  }
  const { file, ...filter } = choice;
  const source = file === null ? store : fileSource(files, file);
  for await (const { id } of rowsOf(source, filter)) {
    const trace = await source.read(id);
    if (trace !== undefined) yield trace;
  }
}

async function* rowsOf(source: TraceSource, filter: Partial<TraceQuery>): AsyncIterable<TraceSummary> {
  let page = await wholePage(source, { ...filter, limit: PAGE });
  while (page.length > 0) {
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    page = await wholePage(source, { ...filter, limit: PAGE, before: last.seq });
  }
}

/**
 * A text is looked for in steps: the question is repeated until the page is full or everything was searched.
 */
async function wholePage(source: TraceSource, query: TraceQuery): Promise<readonly TraceSummary[]> {
  for (;;) {
    const { traces, searched } = await source.search(query);
    if (searched === undefined || traces.length >= query.limit) return traces;
  }
}

function fileSource(files: OpenedFiles, file: string): TraceSource {
  return { search: async (query) => files.list(file, query), read: async (id) => files.get(file, id) };
}
