import { createStore } from 'zustand/vanilla';
import type { DocumentRef, DocumentView } from '../../../main/contract/data.ts';
import type { Inspector } from '../../bridge.ts';
import type { Announcement, Announcements } from '../app/announcements.ts';
import { LOADING, type Loadable, ready, readyValue, settle, toFailure } from '../app/loadable.ts';

/** A text that is edited, and the version of the document that it began as. */
interface Draft {
  readonly text: string;
  readonly version: string;
}

/** The open document. */
export interface DocumentState {
  readonly ref: DocumentRef | null;
  readonly load: Loadable<DocumentView>;
  /** Null while it is only read. */
  readonly draft: Draft | null;
  readonly busy: boolean;
  /** Why it was not saved or deleted; cleared with the next try. */
  readonly refusal: string | null;
}

const CLOSED: DocumentState = { ref: null, load: LOADING, draft: null, busy: false, refusal: null };

interface DocumentDeps {
  readonly inspector: Inspector;
  readonly announcements: Announcements;
  /** Has the rest of the screen show what is there now. */
  readonly onChanged: () => Promise<void>;
  /** Opens a document, or none. */
  readonly select: (id: string | null) => void;
}

export function createDocumentStore({ inspector, announcements, onChanged, select }: DocumentDeps) {
  const store = createStore<DocumentState>()(() => CLOSED);
  /** What is edited of documents that were left meanwhile. */
  const drafts = new Map<string, Draft>();

  /** Opens a document, or none; an unfinished edit is there again. Never rejects. */
  async function show(ref: DocumentRef | null): Promise<void> {
    const before = store.getState();
    if (keyOf(before.ref) === keyOf(ref)) return reload();
    if (before.ref !== null && before.draft !== null) drafts.set(keyOf(before.ref), before.draft);
    store.setState({ ...CLOSED, ref, draft: drafts.get(keyOf(ref)) ?? null });
    drafts.delete(keyOf(ref));
    await reload();
  }

  /** Fetches it again; until it is there the old stays. Never rejects. */
  async function reload(): Promise<void> {
    const { ref } = store.getState();
    if (ref === null) return;
    const load = await settle(inspector.call('document', ref));
    if (store.getState().ref === ref) store.setState({ load });
  }

  function edit(): void {
    const view = readyValue(store.getState().load);
    if (view === undefined || editProblem(view) !== null) return;
    store.setState({ draft: { text: view.text, version: view.version }, refusal: null });
  }

  function write(text: string): void {
    const { draft } = store.getState();
    if (draft !== null) store.setState({ draft: { text, version: draft.version }, refusal: null });
  }

  /** Back to the document as it is stored. */
  function discard(): void {
    store.setState({ draft: null, refusal: null });
  }

  /** Never rejects. */
  async function save(): Promise<void> {
    const { ref, draft, busy } = store.getState();
    if (ref === null || draft === null || busy) return;
    await attempt(async () => {
      const view = await inspector.call('replaceDocument', { ...ref, ...draft });
      if (store.getState().ref === ref) store.setState({ draft: null, load: ready(view) });
      announcements.announce({ tone: 'good', title: 'Document saved', text: ref.id, key: 'document' });
    });
  }

  /** Deletes it as it was loaded, and offers to bring it back. Never rejects. */
  async function remove(): Promise<void> {
    const { ref, load, busy } = store.getState();
    const version = readyValue(load)?.version;
    if (ref === null || version === undefined || busy) return;
    await attempt(async () => {
      const { text } = await inspector.call('deleteDocument', { ...ref, version });
      if (store.getState().ref === ref) select(null);
      drafts.delete(keyOf(ref));
      const deleted: Announcement = {
        tone: 'good',
        title: 'Document deleted',
        text: ref.id,
        key: 'document',
      };
      const undo = { label: 'Undo', run: () => restore(ref, text ?? '') };
      announcements.announce(text === null ? deleted : { ...deleted, action: undo });
    });
  }

  async function restore({ database, collection }: DocumentRef, text: string): Promise<void> {
    try {
      const { id } = await inspector.call('insertDocument', { database, collection, text });
      select(id);
      await onChanged();
    } catch (error) {
      const { message } = toFailure(error);
      announcements.announce({ tone: 'bad', title: 'Document not restored', text: message, key: 'document' });
    }
  }

  async function attempt(act: () => Promise<void>): Promise<void> {
    store.setState({ busy: true, refusal: null });
    try {
      await act();
      store.setState({ busy: false });
      await onChanged();
    } catch (error) {
      store.setState({ busy: false, refusal: toFailure(error).message });
    }
  }

  return { store, show, reload, edit, write, discard, save, remove };
}

/** Why a document can't be changed here; null where it can. */
export function editProblem({ isShortened, isMasked }: DocumentView): string | null {
  if (isShortened) return 'It is too long to be edited here';
  return isMasked ? 'It holds a secret of the runtime, which is not shown here' : null;
}

function keyOf(ref: DocumentRef | null): string {
  return ref === null ? '' : JSON.stringify([ref.database, ref.collection, ref.id]);
}
