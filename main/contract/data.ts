import type { SavedFile, UnsavedFile } from './save.ts';

/**
 * The plugins' database as the Data screen shows it. Documents, ids and filters are text: Extended JSON that keeps
 * every type, and in what is read also MongoDB's shell's way of writing it.
 */

export interface DatabaseView {
  /** `local`: the workbench's own, which is not MongoDB. */
  readonly kind: 'local' | 'mongodb';
  /** The workbench runs it, for this app alone: nobody else has data in it. */
  readonly isOwn: boolean;
  /** Without its password. */
  readonly address: string;
  /** As it tells; the local one says what it stands for. */
  readonly version: string;
  /** By name; MongoDB's own are left out. */
  readonly databases: readonly DatabaseContent[];
  /** Where stubs and drivers look by default; they need not be there yet. */
  readonly defaults: readonly DefaultDatabase[];
  /** How many more collections there are than are shown. */
  readonly omitted: number;
  /** What is odd about it, for a person. */
  readonly notice: string | null;
}

export interface DefaultDatabase {
  readonly name: string;
  /** What uses it: `db` of `mozaiks_infra.config.database`. */
  readonly use: string;
}

interface DatabaseContent {
  readonly name: string;
  readonly collections: readonly CollectionView[];
}

export interface CollectionView {
  readonly name: string;
  /** Null for a view, or where the database doesn't tell. */
  readonly documents: number | null;
  /** Of the documents. */
  readonly bytes: number | null;
  readonly isView: boolean;
}

export interface Namespace {
  readonly database: string;
  readonly collection: string;
}

export interface DocumentQuery extends Namespace {
  /** Empty: all. */
  readonly filter: string;
  /** Empty: as they are stored. */
  readonly sort: string;
}

/** The most documents of one page. */
export const MAX_PAGE_DOCUMENTS = 200;

export interface DocumentRow {
  /** The `_id`, whole. */
  readonly id: string;
  /** The rest in one line, the beginning of it where it is long. */
  readonly text: string;
  readonly bytes: number;
}

export interface DocumentPage {
  readonly rows: readonly DocumentRow[];
}

export interface DocumentView {
  readonly id: string;
  /** Indented; the beginning where `isShortened`. */
  readonly text: string;
  readonly bytes: number;
  /** Changes with every byte of it. */
  readonly version: string;
  readonly isShortened: boolean;
  /** It holds a secret of the runtime's own, which is not shown: so it can't be changed here. */
  readonly isMasked: boolean;
}

export interface DocumentRef extends Namespace {
  readonly id: string;
}

/** What a document may be long to be shown and edited, in characters. */
export const MAX_SHOWN_CHARS = 1024 * 1024;
/** The most that is imported at once, in characters. */
export const MAX_IMPORT_CHARS = 32 * 1024 * 1024;
/** Of failures, these are told. */
export const MAX_IMPORT_FAILURES = 20;

export interface ImportReport {
  readonly inserted: number;
  readonly failed: number;
  readonly failures: readonly ImportFailure[];
}

interface ImportFailure {
  /** Counted from 1. */
  readonly document: number;
  readonly reason: string;
}

export const EXPORT_FORMATS = ['lines', 'array'] as const;
export type DocumentFormat = (typeof EXPORT_FORMATS)[number];

type DocumentExport = (SavedFile & { readonly count: number }) | UnsavedFile;

export interface IndexView {
  readonly name: string;
  /** `{"user_id": 1}` */
  readonly keys: string;
  /** unique, sparse, …, as MongoDB writes them; empty: none. */
  readonly options: string;
  /** Null where the database doesn't tell. */
  readonly bytes: number | null;
}

export interface DataSnapshotView {
  readonly name: string;
  /** ms since the epoch. */
  readonly createdAt: number;
  readonly bytes: number;
}

/** What a UI may ask about the plugins' database. */
export interface DataFunctions {
  database: { argument: null; answer: DatabaseView };
  documents: { argument: DocumentQuery & { skip: number; limit: number }; answer: DocumentPage };
  countDocuments: { argument: Namespace & { filter: string }; answer: { count: number } };
  document: { argument: DocumentRef; answer: DocumentView };
  insertDocument: { argument: Namespace & { text: string }; answer: { id: string } };
  /** Refused with CONFLICT unless the document is still the one of this version. */
  replaceDocument: { argument: DocumentRef & { version: string; text: string }; answer: DocumentView };
  /** As `replaceDocument`. The text brings it back; null where it is too long for that. */
  deleteDocument: { argument: DocumentRef & { version: string }; answer: { text: string | null } };
  deleteDocuments: { argument: Namespace & { filter: string }; answer: { deleted: number } };
  /** A JSON array, or documents one after the other. */
  importDocuments: { argument: Namespace & { text: string }; answer: ImportReport };
  exportDocuments: { argument: DocumentQuery & { format: DocumentFormat }; answer: DocumentExport };
  indexes: { argument: Namespace; answer: readonly IndexView[] };
  createIndex: { argument: Namespace & { keys: string; unique: boolean }; answer: { name: string } };
  dropIndex: { argument: Namespace & { name: string }; answer: null };
  dropCollection: { argument: Namespace; answer: null };
  /** All databases; refused for one that a setting names. */
  resetDatabase: { argument: null; answer: { dropped: number } };
  /** The newest first; the local one's alone has any. */
  dataSnapshots: { argument: null; answer: readonly DataSnapshotView[] };
  createDataSnapshot: { argument: { name: string }; answer: null };
  restoreDataSnapshot: { argument: { name: string }; answer: null };
  deleteDataSnapshot: { argument: { name: string }; answer: null };
}
