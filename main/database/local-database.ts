import { randomBytes } from 'node:crypto';
import { chmod, mkdir, rmdir, utimes } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Guardian } from '../hosts/guardian.ts';
import { errorCode, errorMessage, hasErrorCode } from '../system/errors.ts';
import {
  dropLock,
  holdsLock,
  LOCK_RENEWAL_MS,
  type Lock,
  type LockHeld,
  readLock,
  takeLock,
} from '../system/lock.ts';
import type { Log } from '../system/log.ts';
import { isInside } from '../system/paths.ts';
import { listenOn } from '../system/ports.ts';
import { type Address, formatAddress, LOCAL_HOST, LOCAL_USER, parseAddress } from './address.ts';
import { DatabaseProcess } from './process-handle.ts';

export interface LocalDatabaseOptions {
  /** Where an app's data is; made when it is missing. */
  readonly folder: string;
  /** The bundled `database-process.cjs`. */
  readonly script: string;
  /** The runtime's own; the process gets an allow-list of it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** A secret from now on. */
  readonly onPassword: (password: string) => void;
  /** How long its process may be held up while somebody connects; default: 20 s. */
  readonly stuckMs?: number | undefined;
}

/** Where an app's data is, in the user's folder. */
export function databaseFolder({
  configPath,
  app,
}: {
  readonly configPath: string;
  readonly app: { readonly appId: string };
}): string {
  return join(configPath, 'databases', `app-${encodeURIComponent(app.appId)}`);
}

const PASSWORD_BYTES = 24;
/** A process that ends at once is not started again and again. */
const RESTART_MS = 1_000;
/** How soon a runtime notices that the one which has the data is gone: nothing tells of a process that was killed. */
const LOOK_MS = 1_000;
/** How long a runtime that has just begun takes to say where it is, and how often that is looked at. */
const BEGIN_MS = 4_000;
const BEGIN_LOOK_MS = 50;

/**
 * The database of an app without a MongoDB, as a server that drivers connect to. Of several runtimes over the same
 * app one has the data, and the others' plugins use it there: its address, whose password is new with every launch,
 * is in the lock beside the data, which only the user can read. When that runtime is gone another one takes over, at
 * the same address, so that the plugins of both need not be told.
 *
 * The port is open from the start; the process that holds the data starts at the first connection, and again at the
 * next one if it has ended.
 */
export class LocalDatabase {
  readonly kind = 'local';
  readonly #options: LocalDatabaseOptions;
  readonly #lockPath: string;
  readonly #guardian: Guardian;
  #address: Address | null = null;
  /** Null where another runtime has the data. */
  #server: Server | null = null;
  /** What the lock holds as long as it is this runtime's. */
  #lockText = '';
  #process: DatabaseProcess | null = null;
  /** Performance clock, ms. */
  #startNotBefore = 0;
  #problem: string | null = null;
  #timer: NodeJS.Timeout | null = null;
  /** The topmost folder that was made for the lock. */
  #madeFolder: string | null = null;
  #isLooking = false;
  #stopped = false;

  constructor(options: LocalDatabaseOptions) {
    this.#options = options;
    this.#lockPath = join(options.folder, 'lock');
    this.#guardian = new Guardian(options.log);
  }

  /** What plugins find in their environment; nothing before `open`, and where there is no database. */
  variables(): Readonly<Record<string, string>> {
    if (this.#address === null) return {};
    const address = formatAddress(this.#address);
    return { DATABASE_URI: address, MONGODB_URI: address };
  }

  /** Why there is none, for a person; null where there is one. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Finds out where plugins will find their database, or why there is none. Never rejects. */
  async open(): Promise<void> {
    const { log } = this.#options;
    try {
      const until = performance.now() + BEGIN_MS;
      while (!(await this.#claim())) {
        if (performance.now() > until) throw new Error(`${this.#lockPath} does not say where its runtime is`);
        await delay(BEGIN_LOOK_MS);
      }
    } catch (error) {
      this.#problem = `The local database can’t be used: ${errorMessage(error)}. Set DATABASE_URI to use MongoDB.`;
      log.warn(this.#problem);
    }
  }

  /** Ends the process; the next runtime gets the data. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    const server = this.#server;
    server?.close();
    await this.#process?.stop();
    await this.#guardian.stop();
    if (server !== null && (await holdsLock(this.#lockPath, this.#lockText))) await dropLock(this.#lockPath);
    await this.#removeEmptyFolders();
  }

  /** A runtime whose plugins stored nothing, such as one for a single call, leaves nothing. */
  async #removeEmptyFolders(): Promise<void> {
    if (this.#madeFolder === null) return;
    for (let folder = this.#options.folder; isInside(this.#madeFolder, folder); folder = dirname(folder)) {
      try {
        await rmdir(folder);
      } catch (error) {
        // There is something in it, or another runtime was quicker.
        if (errorCode(error) === undefined) throw error;
        return;
      }
    }
  }

  /** Takes the data or learns who has it; false where that one has yet to say where it is. */
  async #claim(): Promise<boolean> {
    const server = createServer({ pauseOnConnect: true }, (socket) => this.#take(socket));
    const port = await this.#listen(server);
    const isSame = this.#address?.port === port;
    const password = isSame ? this.#address?.password : undefined;
    const address = { port, password: password ?? randomBytes(PASSWORD_BYTES).toString('base64url') };
    const lock = await this.#takeLock(address).catch((error: unknown) => {
      server.close();
      throw error;
    });
    if (!lock.taken || this.#stopped) server.close();
    if (!lock.taken) return this.#follow(lock);
    if (this.#stopped) {
      await dropLock(this.#lockPath);
      return true;
    }
    this.#server = server;
    this.#lockText = lock.text;
    this.#use(address);
    this.#every(LOCK_RENEWAL_MS, () => this.#renew());
    return true;
  }

  async #takeLock(address: Address): Promise<Lock> {
    const { folder } = this.#options;
    const made = await mkdir(folder, { recursive: true, mode: 0o700 });
    if (made !== undefined) this.#madeFolder = made;
    await chmod(folder, 0o700);
    return takeLock(this.#lockPath, formatAddress(address));
  }

  /** Where plugins look for it already, if that is free. */
  async #listen(server: Server): Promise<number> {
    const options = { host: LOCAL_HOST, exclusive: true };
    try {
      return await listenOn(server, { ...options, port: this.#address?.port ?? 0 });
    } catch (error) {
      if (this.#address === null || !hasErrorCode(error, 'EADDRINUSE', 'EACCES')) throw error;
      return listenOn(server, { ...options, port: 0 });
    }
  }

  #follow({ host, pid, note }: LockHeld): boolean {
    if (host !== null && host !== hostname()) {
      throw new Error(`the workbench on ${host} (process ${pid}) has its files open`);
    }
    const address = parseAddress(note ?? '');
    if (address === null) return false;
    this.#use(address);
    this.#every(LOOK_MS, () => this.#look());
    return true;
  }

  #use(address: Address): void {
    const before = this.#address;
    this.#address = address;
    if (before?.port === address.port && before.password === address.password) return;
    this.#options.onPassword(address.password);
    if (before === null) return;
    this.#options.log.warn('The local database has another address now: reload the plugins that use it');
  }

  #every(ms: number, act: () => Promise<void>): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    if (this.#stopped) return;
    this.#timer = setInterval(() => {
      if (this.#isLooking) return;
      this.#isLooking = true;
      act()
        .catch((error: unknown) =>
          this.#options.log.warn('Could not look after the lock of the local database', {
            error: errorMessage(error),
          }),
        )
        .finally(() => {
          this.#isLooking = false;
        });
    }, ms).unref();
  }

  async #look(): Promise<void> {
    const held = await readLock(this.#lockPath);
    if (held === null && !this.#stopped) await this.#claim();
  }

  async #renew(): Promise<void> {
    const now = new Date();
    if (await holdsLock(this.#lockPath, this.#lockText)) return utimes(this.#lockPath, now, now);
    // It was deleted; or this machine slept, and another runtime took this one for gone: two would write the files.
    this.#options.log.warn('The local database’s lock was taken from this workbench');
    this.#server?.close();
    this.#server = null;
    await this.#process?.stop();
    if (!this.#stopped) await this.#claim();
  }

  #take(socket: Socket): void {
    // Its client may leave at any time.
    socket.on('error', () => undefined);
    const canStart = !this.#stopped && this.#server !== null && performance.now() >= this.#startNotBefore;
    this.#process ??= canStart ? this.#start() : null;
    if (this.#process === null) socket.destroy();
    else this.#process.take(socket);
  }

  #start(): DatabaseProcess {
    const { folder, script, environment, log, stuckMs } = this.#options;
    const password = this.#address?.password ?? '';
    const started = new DatabaseProcess({
      script,
      environment,
      open: { folder, user: LOCAL_USER, password },
      guardian: this.#guardian,
      log,
      stuckMs,
    });
    this.#startNotBefore = performance.now() + RESTART_MS;
    started.exited
      .then(() => {
        if (this.#process === started) this.#process = null;
      })
      .catch((error: unknown) => log.error('Could not note the end of the local database', error));
    log.info('The local database started: it is not MongoDB; set DATABASE_URI to use one', {
      folder,
      pid: started.pid,
    });
    return started;
  }
}
