import type { DocumentFormat, Namespace } from '../../../main/contract/data.ts';
import type { Inspector } from '../../bridge.ts';
import { plural } from '../../components/text/format.ts';
import type { Page } from '../../page.ts';
import type { Announcements } from '../app/announcements.ts';
import { readyValue } from '../app/loadable.ts';
import type { RuntimeStore } from '../app/runtime.ts';
import type { Saving } from '../app/saving.ts';
import type { UiStore } from '../app/ui.ts';
import { createDataDialogs } from './data-dialog.ts';
import { dataPlace, namespaceItem } from './data-place.ts';
import { createDatabaseStore } from './database-store.ts';
import { createDocumentStore } from './document-store.ts';
import { createDocumentsStore, indexOfDocument } from './documents-store.ts';
import { createIndexesStore } from './indexes-store.ts';

interface DataDeps {
  readonly inspector: Inspector;
  readonly page: Page;
  readonly announcements: Announcements;
  readonly saving: Saving;
  readonly runtime: RuntimeStore;
  readonly ui: UiStore;
}

/** The stores of the Data screen, and what leads from one of its places to another. */
export function createDataStores({ inspector, page, announcements, saving, runtime, ui }: DataDeps) {
  const database = createDatabaseStore({ inspector, runtime });
  const documents = createDocumentsStore({ inspector, announcements });
  const indexes = createIndexesStore({ inspector });
  const place = () => dataPlace(ui.store.getState().route);

  function open(namespace: Namespace, id?: string): void {
    const present = place();
    const isSame = present !== null && namespaceItem(present.query) === namespaceItem(namespace);
    const params = isSame ? ui.store.getState().route.params : {};
    ui.navigate('data', { item: namespaceItem(namespace), params: { ...params, id: id ?? null } });
  }

  /** Opens a document of the open collection, or none. */
  function select(id: string | null): void {
    ui.setParams({ id });
  }

  /** Shows what is there now. Never rejects. */
  async function refresh(): Promise<void> {
    await Promise.all([database.refresh(), reloadPlace()]);
  }

  async function reloadPlace(): Promise<void> {
    if (place() === null) return;
    await Promise.all([documents.reload(), document.reload(), indexes.reload()]);
  }

  const document = createDocumentStore({ inspector, announcements, onChanged: refresh, select });
  const dialogs = createDataDialogs({
    inspector,
    announcements,
    page,
    onChanged: refresh,
    open,
    close: () => ui.navigate('data'),
  });

  /** Selects the document `step` below (negative: above) the open one. A key press doesn't wait for it. */
  function selectNeighbour(step: number): void {
    const state = documents.store.getState();
    const count = readyValue(state.count) ?? 0;
    if (count === 0) return;
    const from = indexOfDocument(state, place()?.id ?? null);
    const index = from < 0 && step > 0 && step < count ? 0 : Math.min(count - 1, Math.max(0, from + step));
    documents
      .fetchRow(index)
      .then((row) => {
        if (row !== undefined) select(row.id);
      })
      .catch((error) => console.error('next document not selected', error));
  }

  /** Never rejects. */
  async function exportShown(format: DocumentFormat): Promise<void> {
    const present = place();
    if (present === null) return;
    const exporting = inspector.call('exportDocuments', { ...present.query, format });
    await saving.announceSaved(exporting, ({ count }) => `${plural(count, 'document')} exported`);
  }

  return {
    database,
    documents,
    document,
    indexes,
    dialogs,
    open,
    select,
    refresh,
    follow: () => database.follow(reloadPlace),
    selectNeighbour,
    exportShown,
  };
}
