import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { DatabaseView, DocumentView } from '../../../../main/contract/data.ts';
import { createDataStores } from '../../../../renderer/state/data/create-data-stores.ts';
import { dataPlace } from '../../../../renderer/state/data/data-place.ts';
import { indexOfDocument, rowAt } from '../../../../renderer/state/data/documents-store.ts';
import type { Stores } from '../../../../renderer/stores.ts';
import { Refusal, traceSummary } from '../../support/stub-bridge.ts';
import { stubStores } from '../../support/stub-stores.ts';

const notes = { database: 'MozaiksCore', collection: 'notes' };
const query = { ...notes, filter: '', sort: '' };
const VIEW: DatabaseView = {
  kind: 'local',
  isOwn: true,
  address: 'mongodb://127.0.0.1:1/mozaiks',
  version: '7.0.0',
  databases: [],
  defaults: [],
  omitted: 0,
  notice: null,
};
/** The screen's own. */
const dataOf = ({ late }: Stores) => late.of(createDataStores);

const document = (id: string, version = 'v1'): DocumentView => ({
  id,
  text: `{"_id": ${id}}`,
  bytes: 14,
  version,
  isShortened: false,
  isMasked: false,
});

/** A collection of so many documents, whose ids are their indexes. */
function collectionOf(count: number) {
  return {
    database: () => VIEW,
    dataSnapshots: () => [],
    indexes: () => [],
    countDocuments: () => ({ count }),
    documents: ({ skip, limit }: { skip: number; limit: number }) => ({
      rows: Array.from({ length: Math.min(limit, count - skip) }, (_, n) => ({
        id: String(skip + n),
        text: '{}',
        bytes: 5,
      })),
    }),
    document: ({ id }: { id: string }) => document(id),
  };
}

const routeOf = (item: string | null, params = {}) => ({ item, params });

it.each([
  [routeOf(null), null],
  [routeOf('MozaiksCore'), null],
  [
    routeOf('db.fs.files', { id: '5' }),
    { query: { database: 'db', collection: 'fs.files', filter: '', sort: '' }, id: '5' },
  ],
])('a place is read from %j', (route, place) => {
  expect(dataPlace(route)).toEqual(place);
});

describe('the documents of a query', () => {
  it('are fetched by page, as they come into view', async () => {
    const { stores, calls } = stubStores(collectionOf(100_000));
    const { documents } = dataOf(stores);
    await documents.show(query);
    await documents.fetchRows(49_990, 50_030);
    const asked = calls
      .filter(({ name }) => name === 'documents')
      .map(({ argument }) => Object(argument).skip);
    expect(asked).toEqual([0, 49_900, 50_000]);
    const state = documents.store.getState();
    expect([rowAt(state, 50_001)?.id, rowAt(state, 60_000), indexOfDocument(state, '50010')]).toEqual([
      '50001',
      undefined,
      50_010,
    ]);
    await documents.fetchRows(49_990, 50_030);
    expect(calls.filter(({ name }) => name === 'documents')).toHaveLength(3);
  });

  it('of an earlier query are not shown when they come late', async () => {
    const late: (() => void)[] = [];
    const { stores } = stubStores({
      ...collectionOf(3),
      async documents({ filter }) {
        if (filter === 'slow') await new Promise<void>((resolve) => late.push(resolve));
        return { rows: [{ id: `"${filter}"`, text: '{}', bytes: 5 }] };
      },
    });
    const { documents } = dataOf(stores);
    const slow = documents.show({ ...query, filter: 'slow' });
    await documents.show({ ...query, filter: 'fast' });
    for (const answer of late) answer();
    await slow;
    expect(rowAt(documents.store.getState(), 0)?.id).toBe('"fast"');
  });

  it('that can’t be found say why; what is loaded again shows nothing in between', async () => {
    const { stores, answers } = stubStores(collectionOf(3));
    const { documents } = dataOf(stores);
    await documents.show(query);
    const seen: string[] = [];
    onTestFinished(documents.store.subscribe(({ count }) => seen.push(count.state)));
    await documents.reload();
    answers.countDocuments = () => {
      throw new Refusal('BAD_REQUEST', 'unknown operator');
    };
    await documents.reload();
    expect(seen).toEqual(['ready', 'failed']);
  });

  it('are selected one after the other, also where they are not fetched yet', async () => {
    const { stores } = stubStores(collectionOf(250), { hash: '/data/MozaiksCore.notes?id=99' });
    await dataOf(stores).documents.show(query);
    dataOf(stores).selectNeighbour(1);
    await vi.waitFor(() => expect(stores.ui.store.getState().route.params.id).toBe('100'));
    dataOf(stores).selectNeighbour(-1e9);
    await vi.waitFor(() => expect(stores.ui.store.getState().route.params.id).toBe('0'));
  });
});

describe('a document', () => {
  it('that is left while it is edited is there again, and is saved as the version that it began as', async () => {
    const { stores, calls, answers } = stubStores(collectionOf(3));
    const { document: store } = dataOf(stores);
    await store.show({ ...notes, id: '1' });
    store.edit();
    store.write('{"_id": 1, "a": 1}');
    await store.show({ ...notes, id: '2' });
    expect(store.store.getState().draft).toBeNull();
    answers.document = ({ id }) => document(id, 'v2');
    await store.show({ ...notes, id: '1' });
    expect(store.store.getState().draft).toEqual({ text: '{"_id": 1, "a": 1}', version: 'v1' });
    answers.replaceDocument = () => {
      throw new Refusal('CONFLICT', 'it was changed');
    };
    await store.save();
    expect(calls.at(-1)).toMatchObject({ name: 'replaceDocument', argument: { id: '1', version: 'v1' } });
    expect(store.store.getState()).toMatchObject({
      refusal: 'it was changed',
      busy: false,
      draft: { version: 'v1' },
    });
  });

  it('with a secret, or too long, can’t be edited', async () => {
    const { stores, answers } = stubStores(collectionOf(3));
    const { document: store } = dataOf(stores);
    for (const flags of [{ isMasked: true }, { isShortened: true }]) {
      answers.document = ({ id }) => ({ ...document(id), ...flags });
      await store.show({ ...notes, id: JSON.stringify(flags) });
      store.edit();
      expect(store.store.getState().draft).toBeNull();
    }
  });

  it('that was deleted can be brought back', async () => {
    const { stores, calls, announced } = stubStores(
      {
        ...collectionOf(3),
        deleteDocument: () => ({ text: '{"_id": 1}' }),
        insertDocument: () => ({ id: '1' }),
      },
      { hash: '/data/MozaiksCore.notes?id=1' },
    );
    await dataOf(stores).document.show({ ...notes, id: '1' });
    await dataOf(stores).document.remove();
    expect(stores.ui.store.getState().route.params.id).toBeUndefined();
    const [deleted] = announced;
    expect([deleted?.title, deleted?.action?.label]).toEqual(['Document deleted', 'Undo']);
    await deleted?.action?.run();
    expect(calls).toContainEqual({ name: 'insertDocument', argument: { ...notes, text: '{"_id": 1}' } });
    expect(stores.ui.store.getState().route.params.id).toBe('1');
  });
});

it('a dialog that is refused stays open and says why', async () => {
  const { stores, answers, announced } = stubStores({
    ...collectionOf(3),
    createDataSnapshot: () => {
      throw new Refusal('BAD_REQUEST', 'there is one already');
    },
  });
  const { dialogs } = dataOf(stores);
  dialogs.ask({ kind: 'snapshot', name: 'a' });
  await dialogs.confirm();
  expect(dialogs.store.getState()).toMatchObject({ refusal: 'there is one already', dialog: { name: 'a' } });
  dialogs.change({ kind: 'snapshot', name: 'b' });
  expect(dialogs.store.getState().refusal).toBeNull();
  answers.createDataSnapshot = () => null;
  await dialogs.confirm();
  expect(dialogs.store.getState().dialog).toBeNull();
  expect(announced.map(({ title, text }) => [title, text])).toEqual([['Snapshot taken', 'b']]);
});

it('an import that was not whole says what is missing', async () => {
  const report = { inserted: 1, failed: 1, failures: [{ document: 2, reason: 'no' }] };
  const { stores } = stubStores({ ...collectionOf(3), importDocuments: () => report });
  dataOf(stores).dialogs.ask({ kind: 'import', ...notes, file: 'a.json', text: '{} x' });
  await dataOf(stores).dialogs.confirm();
  expect(dataOf(stores).dialogs.store.getState().dialog).toMatchObject({ kind: 'imported', report });
});

it('calls of plugins are followed by one look at the database, and another if more come meanwhile', async () => {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const { stores, calls, emit } = stubStores(collectionOf(3), { hash: '/data' });
  onTestFinished(dataOf(stores).follow());
  const looks = () => calls.filter(({ name }) => name === 'database').length;
  for (let n = 1; n <= 5; n += 1) emit('traces', { traces: [traceSummary(n)], kept: n, dropped: 0 });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(looks()).toBe(2);
  emit('traces', { traces: [traceSummary(6)], kept: 6, dropped: 0 });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(looks()).toBe(3);
});
