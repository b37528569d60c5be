import { createStore } from 'zustand/vanilla';
import { type ImportReport, MAX_IMPORT_CHARS, type Namespace } from '../../../main/contract/data.ts';
import type { Inspector } from '../../bridge.ts';
import { formatBytes, plural } from '../../components/text/format.ts';
import type { Page } from '../../page.ts';
import type { Announcements } from '../app/announcements.ts';
import { toFailure } from '../app/loadable.ts';

/** What is asked before something is done. */
export type DataDialog =
  | (Namespace & { readonly kind: 'insert'; readonly text: string; readonly isNew: boolean })
  | (Namespace & { readonly kind: 'import'; readonly file: string; readonly text: string })
  | (Namespace & { readonly kind: 'imported'; readonly file: string; readonly report: ImportReport })
  | (Namespace & { readonly kind: 'delete-matching'; readonly filter: string; readonly count: number })
  | (Namespace & { readonly kind: 'drop'; readonly count: number | null })
  | (Namespace & { readonly kind: 'create-index'; readonly keys: string; readonly unique: boolean })
  | (Namespace & { readonly kind: 'drop-index'; readonly name: string })
  | { readonly kind: 'reset' }
  | { readonly kind: 'snapshot'; readonly name: string }
  | { readonly kind: 'restore' | 'delete-snapshot'; readonly name: string };

export interface DataDialogState {
  readonly dialog: DataDialog | null;
  readonly busy: boolean;
  /** Why the runtime refused; cleared when something is changed. */
  readonly refusal: string | null;
}

const CLOSED: DataDialogState = { dialog: null, busy: false, refusal: null };

interface DataDialogDeps {
  readonly inspector: Inspector;
  readonly announcements: Announcements;
  readonly page: Page;
  readonly onChanged: () => Promise<void>;
  /** Opens a collection, and a document in it. */
  readonly open: (namespace: Namespace, id?: string) => void;
  /** Closes the open collection. */
  readonly close: () => void;
}

export function createDataDialogs(deps: DataDialogDeps) {
  const { inspector, announcements, page, onChanged } = deps;
  const store = createStore<DataDialogState>()(() => CLOSED);

  function ask(dialog: DataDialog): void {
    store.setState({ ...CLOSED, dialog });
  }

  function close(): void {
    if (!store.getState().busy) store.setState(CLOSED);
  }

  /** Takes what was typed. */
  function change(dialog: DataDialog): void {
    store.setState({ dialog, refusal: null });
  }

  /** Chooses a file of documents. Never rejects. */
  async function pickImport(namespace: Namespace): Promise<void> {
    const file = await page.pickFile('.json,.jsonl,.ndjson,application/json');
    if (file === null) return;
    try {
      if (file.size > MAX_IMPORT_CHARS) {
        throw new Error(
          `${file.name} has ${formatBytes(file.size)}; ${formatBytes(MAX_IMPORT_CHARS)} can be imported at once`,
        );
      }
      ask({ kind: 'import', ...namespace, file: file.name, text: await file.text() });
    } catch (error) {
      announcements.announce({
        tone: 'bad',
        title: 'File not read',
        text: toFailure(error).message,
        key: 'data',
      });
    }
  }

  /** Asks whether to delete what a filter finds, and says how much that is. Never rejects. */
  async function askToDelete(query: Namespace & { readonly filter: string }): Promise<void> {
    try {
      const { count } = await inspector.call('countDocuments', query);
      ask({ kind: 'delete-matching', ...query, count });
    } catch (error) {
      announcements.announce({
        tone: 'bad',
        title: 'Not counted',
        text: toFailure(error).message,
        key: 'data',
      });
    }
  }

  /** Does what the dialog says. Never rejects. */
  async function confirm(): Promise<void> {
    const { dialog, busy } = store.getState();
    if (dialog === null || busy) return;
    store.setState({ busy: true, refusal: null });
    try {
      const done = await perform(dialog, deps);
      store.setState(CLOSED);
      if (typeof done === 'object') ask(done);
      else announcements.announce({ tone: 'good', title: done, text: describePlace(dialog), key: 'data' });
      await onChanged();
    } catch (error) {
      store.setState({ busy: false, refusal: toFailure(error).message });
    }
  }

  return { store, ask, close, change, pickImport, askToDelete, confirm };
}

/** What was done, in words, or the next dialog. Rejects when the runtime refuses. */
async function perform(
  dialog: DataDialog,
  { inspector, open, close }: DataDialogDeps,
): Promise<string | DataDialog> {
  switch (dialog.kind) {
    case 'insert': {
      const { database, collection, text } = dialog;
      const { id } = await inspector.call('insertDocument', { database, collection, text });
      open(dialog, id);
      return 'Document inserted';
    }
    case 'import': {
      const { database, collection, text, file } = dialog;
      const report = await inspector.call('importDocuments', { database, collection, text });
      if (report.failed > 0) return { kind: 'imported', database, collection, file, report };
      return `${plural(report.inserted, 'document')} imported`;
    }
    case 'imported':
      return `${plural(dialog.report.inserted, 'document')} imported`;
    case 'delete-matching': {
      const { database, collection, filter } = dialog;
      const { deleted } = await inspector.call('deleteDocuments', { database, collection, filter });
      return `${plural(deleted, 'document')} deleted`;
    }
    case 'drop': {
      const { database, collection } = dialog;
      await inspector.call('dropCollection', { database, collection });
      close();
      return 'Collection dropped';
    }
    case 'create-index': {
      const { database, collection, keys, unique } = dialog;
      const { name } = await inspector.call('createIndex', { database, collection, keys, unique });
      return `Index ${name} created`;
    }
    case 'drop-index': {
      const { database, collection, name } = dialog;
      await inspector.call('dropIndex', { database, collection, name });
      return `Index ${name} dropped`;
    }
    case 'reset':
      await inspector.call('resetDatabase', null);
      close();
      return 'Database reset';
    case 'snapshot':
      await inspector.call('createDataSnapshot', { name: dialog.name });
      return 'Snapshot taken';
    case 'restore':
      await inspector.call('restoreDataSnapshot', { name: dialog.name });
      return 'Snapshot restored';
    case 'delete-snapshot':
      await inspector.call('deleteDataSnapshot', { name: dialog.name });
      return 'Snapshot deleted';
  }
}

function describePlace(dialog: DataDialog): string {
  if ('collection' in dialog) return `${dialog.database}.${dialog.collection}`;
  return 'name' in dialog ? dialog.name : 'All databases are empty now';
}
