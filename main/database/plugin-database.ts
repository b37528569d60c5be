import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkbenchError } from '../contract/errors.ts';
import { MONGODB_VERSION, type MongodbFailure, type MongodbView } from '../contract/mongodb.ts';
import { Guardian } from '../hosts/guardian.ts';
import { loadJson, saveJson } from '../system/atomic-file.ts';
import { errorMessage } from '../system/errors.ts';
import type { Log } from '../system/log.ts';
import { LocalDatabase } from './local-database.ts';
import { downloadMongod, downloadOrigin, MongodbError } from './mongodb/download.ts';
import { MongodbServer } from './mongodb/server.ts';

export interface PluginDatabaseOptions {
  /** Where the local database's data of this app is. */
  readonly localFolder: string;
  /** Where MongoDB and its data are, for all apps; and the name of this app's folder. */
  readonly mongodbFolder: string;
  readonly appFolder: string;
  /** The bundled `database-process.cjs` and `mongodb-download.cjs`. */
  readonly databaseScript: string;
  readonly downloadScript: string;
  /** The runtime's own. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** A secret from now on. */
  readonly onPassword: (password: string) => void;
  /** Plugins' variables have changed. */
  readonly onMoved: () => Promise<void>;
}

const LOCAL_REMEDY = 'Plugins still use the local database.';
const SERVER_REMEDY = 'Use the local database, or set DATABASE_URI.';

/**
 * The database of an app where no setting names one: the local database, or, once a person asked for it, a MongoDB
 * that was downloaded. That choice outlives a restart.
 */
export class PluginDatabase {
  readonly #options: PluginDatabaseOptions;
  readonly #guardian: Guardian;
  readonly #program: string;
  readonly #choicePath: string;
  #current: LocalDatabase | MongodbServer;
  #isDownloaded = false;
  #state: MongodbView['state'] = 'idle';
  #progress = { received: 0, total: 0 };
  #failure: MongodbFailure | null = null;
  #attempt: { readonly cancel: AbortController; readonly done: Promise<void> } | null = null;
  #onChange: () => void = () => undefined;

  constructor(options: PluginDatabaseOptions) {
    this.#options = options;
    this.#guardian = new Guardian(options.log);
    const name = process.platform === 'win32' ? 'mongod.exe' : 'mongod';
    this.#program = join(options.mongodbFolder, MONGODB_VERSION, name);
    this.#choicePath = join(options.mongodbFolder, 'choice.json');
    this.#current = this.#createLocal();
  }

  variables(): Readonly<Record<string, string>> {
    return this.#current.variables();
  }

  get kind(): 'local' | 'mongodb' {
    return this.#current.kind;
  }

  get problem(): string | null {
    return this.#current.problem;
  }

  view(): MongodbView {
    return {
      inUse: this.kind,
      state: this.#state,
      version: MONGODB_VERSION,
      isDownloaded: this.#isDownloaded,
      origin: downloadOrigin(this.#options.environment),
      folder: this.#options.mongodbFolder,
      ...this.#progress,
      failure: this.#failure ?? this.#serverProblem(),
    };
  }

  /** `onChange`: the view has changed. Never rejects. */
  async open(onChange: () => void): Promise<void> {
    this.#onChange = onChange;
    this.#isDownloaded = (await stat(this.#program).catch(() => null)) !== null;
    if (this.#isDownloaded && (await this.#isChosen())) this.#current = this.#createServer();
    await this.#current.open();
    onChange();
  }

  async stop(): Promise<void> {
    await Promise.all([this.cancelMongodb(), this.#current.stop()]);
    await this.#guardian.stop();
  }

  /** Begins; the view tells how it goes. @throws {WorkbenchError} CONFLICT while that is so, or where it is in use */
  useMongodb(): void {
    if (this.kind === 'mongodb') throw new WorkbenchError('CONFLICT', 'Plugins use MongoDB already');
    this.#begin((signal) => this.#switchToMongodb(signal));
  }

  /** Resolves when nothing of the attempt is left. */
  async cancelMongodb(): Promise<void> {
    this.#attempt?.cancel.abort();
    await this.#attempt?.done;
  }

  /** @throws {WorkbenchError} CONFLICT where it is in use */
  async useLocal(): Promise<void> {
    if (this.kind === 'local') throw new WorkbenchError('CONFLICT', 'Plugins use the local database already');
    await rm(this.#choicePath, { force: true });
    await this.#exchange(this.#createLocal());
  }

  #begin(work: (signal: AbortSignal) => Promise<void>): void {
    if (this.#attempt !== null) throw new WorkbenchError('CONFLICT', 'MongoDB is being started already');
    this.#failure = null;
    this.#progress = { received: 0, total: 0 };
    const cancel = new AbortController();
    const done = work(cancel.signal)
      .catch((error: unknown) => {
        if (!cancel.signal.aborted) this.#noteFailure(error);
      })
      .finally(() => {
        this.#attempt = null;
        this.#setState('idle');
      });
    this.#attempt = { cancel, done };
  }

  async #switchToMongodb(signal: AbortSignal): Promise<void> {
    const { downloadScript, environment } = this.#options;
    if (!this.#isDownloaded) {
      this.#setState('downloading');
      await downloadMongod({
        script: downloadScript,
        target: this.#program,
        environment,
        guardian: this.#guardian,
        signal,
        onProgress: (received, total) => {
          this.#progress = { received, total };
          this.#onChange();
        },
      });
      this.#isDownloaded = true;
    }
    this.#setState('starting');
    const server = this.#createServer();
    await server.open();
    if (signal.aborted || server.problem !== null) {
      await server.stop();
      signal.throwIfAborted();
      throw new MongodbError(server.problem ?? '', LOCAL_REMEDY);
    }
    await saveJson(this.#choicePath, { mongodb: MONGODB_VERSION });
    await this.#exchange(server);
  }

  /** Plugins find the new one at once; then the old one ends. */
  async #exchange(next: LocalDatabase | MongodbServer): Promise<void> {
    const before = this.#current;
    if (next.kind === 'local') await next.open();
    this.#current = next;
    this.#onChange();
    await this.#options.onMoved();
    await before.stop();
  }

  async #isChosen(): Promise<boolean> {
    // Damaged or missing: the default.
    const choice = await loadJson(this.#choicePath).catch(() => null);
    return Object(choice).mongodb !== undefined;
  }

  #createLocal(): LocalDatabase {
    const { localFolder, databaseScript, environment, log, onPassword } = this.#options;
    return new LocalDatabase({ folder: localFolder, script: databaseScript, environment, log, onPassword });
  }

  #createServer(): MongodbServer {
    const { mongodbFolder, appFolder, environment, log, onPassword } = this.#options;
    const folder = join(mongodbFolder, 'data', appFolder);
    return new MongodbServer({ program: this.#program, folder, environment, log, onPassword });
  }

  #serverProblem(): MongodbFailure | null {
    const { kind, problem } = this.#current;
    return kind === 'local' || problem === null ? null : { message: problem, remedy: SERVER_REMEDY };
  }

  #setState(state: MongodbView['state']): void {
    this.#state = state;
    this.#onChange();
  }

  #noteFailure(error: unknown): void {
    const remedy = error instanceof MongodbError ? error.remedy : LOCAL_REMEDY;
    this.#failure = { message: errorMessage(error), remedy };
    this.#options.log.warn('MongoDB is not in use', { ...this.#failure });
  }
}
