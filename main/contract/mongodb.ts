/** A MongoDB that the workbench downloads and runs on request, in place of its local database. */

/** The newest of the release that production's drivers are made for, as far as the downloader knows. */
export const MONGODB_VERSION = '7.0.24';
/** What a person is asked to agree to, about: the download, and what stays of it. */
export const MONGODB_SIZE = 'about 80 MB, 200 MB on disk';

export interface MongodbView {
  /** Which database plugins use. */
  readonly inUse: 'local' | 'mongodb';
  readonly state: 'idle' | 'downloading' | 'starting';
  readonly version: string;
  readonly isDownloaded: boolean;
  /** The host that it is downloaded from. */
  readonly origin: string;
  /** Where the program and its data are stored. */
  readonly folder: string;
  /** Of a download, in bytes; 0 where nothing is known. */
  readonly received: number;
  readonly total: number;
  /** Why the last attempt failed. */
  readonly failure: MongodbFailure | null;
}

export interface MongodbFailure {
  readonly message: string;
  readonly remedy: string;
}

export interface MongodbFunctions {
  /** Downloads it unless it is there, starts it and has plugins use it; the snapshot tells how it goes. */
  useMongodb: { argument: null; answer: null };
  /** Resolves when nothing of the attempt is left. */
  cancelMongodb: { argument: null; answer: null };
  /** Plugins use the local database again; MongoDB's data stays. */
  useLocalDatabase: { argument: null; answer: null };
}
