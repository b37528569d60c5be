import { createStore } from 'zustand/vanilla';
import type { DocumentQuery, DocumentRow } from '../../../main/contract/data.ts';
import type { Inspector } from '../../bridge.ts';
import type { Announcements } from '../app/announcements.ts';
import { LOADING, type Loadable, readyValue, settle } from '../app/loadable.ts';

/** Documents of a page: as many as a few screens. */
const PAGE = 100;
/** The pages that are held: those looked at last. */
const MOST_PAGES = 50;

/** The documents that match, of which the pages in view are fetched. */
export interface DocumentsState {
  readonly query: DocumentQuery | null;
  /** How many match. */
  readonly count: Loadable<number>;
  readonly pages: ReadonlyMap<number, readonly DocumentRow[]>;
}

interface DocumentsDeps {
  readonly inspector: Inspector;
  readonly announcements: Announcements;
}

export function createDocumentsStore({ inspector, announcements }: DocumentsDeps) {
  const store = createStore<DocumentsState>()(() => ({ query: null, count: LOADING, pages: new Map() }));
  const pending = new Set<number>();
  /** Answers to earlier questions are not shown. */
  let generation = 0;
  let pageInView = 0;

  /** Shows the documents of a query, from the first on; of the same one, as they are now. Never rejects. */
  async function show(query: DocumentQuery): Promise<void> {
    if (isSame(store.getState().query, query)) return reload();
    pageInView = 0;
    store.setState({ query, count: LOADING, pages: new Map() });
    await reload();
  }

  /** Fetches again what is in view; until it is there the old stays. Never rejects. */
  async function reload(): Promise<void> {
    const { query } = store.getState();
    if (query === null) return;
    generation += 1;
    const [asked, number] = [generation, pageInView];
    pending.clear();
    const { database, collection, filter } = query;
    const answer = await settle(
      Promise.all([
        inspector.call('countDocuments', { database, collection, filter }),
        fetchPage(query, number),
      ]),
    );
    if (asked !== generation) return;
    if (answer.state === 'ready') {
      const [{ count }, rows] = answer.value;
      store.setState({
        count: { state: 'ready', value: count, at: answer.at },
        pages: new Map([[number, rows]]),
      });
    } else {
      store.setState({ count: answer, pages: new Map() });
    }
  }

  /** What is in view is what is fetched again. */
  function noteView(first: number): void {
    pageInView = Math.floor(first / PAGE);
  }

  /** Fetches what is missing between two indexes, both included; failures are announced. Never rejects. */
  async function fetchRows(first: number, last: number): Promise<void> {
    const { count, query } = store.getState();
    const end = Math.min(last, (readyValue(count) ?? 0) - 1);
    if (query === null) return;
    const missing: Promise<void>[] = [];
    for (let page = Math.floor(first / PAGE); page * PAGE <= end; page += 1) {
      if (!store.getState().pages.has(page) && !pending.has(page)) missing.push(addPage(query, page));
    }
    await Promise.all(missing);
  }

  async function addPage(query: DocumentQuery, page: number): Promise<void> {
    const asked = generation;
    pending.add(page);
    const answer = await settle(fetchPage(query, page));
    if (asked !== generation) return;
    pending.delete(page);
    if (answer.state === 'failed') {
      const { message } = answer.error;
      announcements.announce({ tone: 'bad', title: 'Documents not loaded', text: message, key: 'documents' });
    } else if (answer.state === 'ready') {
      const pages = new Map(store.getState().pages).set(page, answer.value);
      for (const [oldest] of [...pages].slice(0, Math.max(0, pages.size - MOST_PAGES))) pages.delete(oldest);
      store.setState({ pages });
    }
  }

  async function fetchPage(query: DocumentQuery, page: number): Promise<readonly DocumentRow[]> {
    const asked = { ...query, skip: page * PAGE, limit: PAGE };
    return (await inspector.call('documents', asked)).rows;
  }

  /** The row at an index, fetched if necessary; undefined where there is none. Never rejects. */
  async function fetchRow(index: number): Promise<DocumentRow | undefined> {
    await fetchRows(index, index);
    return rowAt(store.getState(), index);
  }

  return { store, show, reload, noteView, fetchRows, fetchRow };
}

/** Undefined until it is fetched. */
export function rowAt({ pages }: Pick<DocumentsState, 'pages'>, index: number): DocumentRow | undefined {
  return pages.get(Math.floor(index / PAGE))?.[index % PAGE];
}

/** The index of a document among the fetched ones; -1 if it isn't there. */
export function indexOfDocument({ pages }: Pick<DocumentsState, 'pages'>, id: string | null): number {
  if (id === null) return -1;
  for (const [page, rows] of pages) {
    const at = rows.findIndex((row) => row.id === id);
    if (at >= 0) return page * PAGE + at;
  }
  return -1;
}

function isSame(a: DocumentQuery | null, b: DocumentQuery): boolean {
  return (
    a !== null &&
    a.database === b.database &&
    a.collection === b.collection &&
    a.filter === b.filter &&
    a.sort === b.sort
  );
}
