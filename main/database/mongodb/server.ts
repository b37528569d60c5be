import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pluginEnvironment } from '../../hosts/environment.ts';
import { Guardian } from '../../hosts/guardian.ts';
import { MARK_VARIABLE } from '../../hosts/orphans.ts';
import { killGroup } from '../../hosts/process-tree.ts';
import { createFileOnce } from '../../system/atomic-file.ts';
import { errorMessage } from '../../system/errors.ts';
import { dropLock, holdsLock, LOCK_RENEWAL_MS, readLock, takeLock } from '../../system/lock.ts';
import type { Log } from '../../system/log.ts';
import { pickFreePort, portProblem } from '../../system/ports.ts';
import { waitAtMost } from '../../system/wait.ts';
import { type Address, formatAddress, LOCAL_HOST, LOCAL_USER, parseAddress } from '../address.ts';
import { runCommand } from '../client/run-command.ts';
import { MongodbError } from './download.ts';

export interface MongodbServerOptions {
  /** `mongod`. */
  readonly program: string;
  /** Where an app's data is; made when it is missing. */
  readonly folder: string;
  /** The runtime's own; the process gets an allow-list of it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** A secret from now on. */
  readonly onPassword: (password: string) => void;
}

const PASSWORD_BYTES = 24;
/** After a crash it reads its journal first. */
const START_MS = 30_000;
const TRY_AGAIN_MS = 100;
/** One that ends at once is not started again and again. */
const RESTART_MS = 1_000;
const MOST_FAILURES = 3;
/** For one attempt to reach it. */
const TRY_MS = 1_000;
const STOP_MS = 1_500;
/** What it wrote last: why it ended. */
const MAX_OUTPUT = 2_000;
const AUTHENTICATION_FAILED = 18;
const LOOK = 'Use the local database, or set DATABASE_URI.';

/**
 * A MongoDB server over an app's data, for this user alone: it listens on 127.0.0.1 and asks for a random password,
 * which is stored beside its data. Of several runtimes over the same app one runs it, and the others use it there;
 * when that one is gone, another starts it again at the same address.
 */
export class MongodbServer {
  readonly kind = 'mongodb';
  readonly #options: MongodbServerOptions;
  readonly #lockPath: string;
  readonly #guardian: Guardian;
  #address: Address | null = null;
  /** What the lock holds as long as it is this runtime's. */
  #lockText: string | null = null;
  #child: ChildProcess | null = null;
  #exited: Promise<void> = Promise.resolve();
  #output = '';
  #problem: string | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isLooking = false;
  /** Starts that failed one after another. */
  #failures = 0;
  #isEnding = false;
  /** Performance clock, ms. */
  #renewedAt = 0;
  #stopped = false;

  constructor(options: MongodbServerOptions) {
    this.#options = options;
    this.#lockPath = join(options.folder, 'lock');
    this.#guardian = new Guardian(options.log);
  }

  /** What plugins find in their environment. */
  variables(): Readonly<Record<string, string>> {
    if (this.#address === null) return {};
    const address = formatAddress(this.#address);
    return { DATABASE_URI: address, MONGODB_URI: address };
  }

  /** Why there is none, for a person; null where there is one. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Starts it, or finds out where another runtime has it; `problem` says why neither could be. Never rejects. */
  async open(): Promise<void> {
    try {
      await this.#claim();
      this.#problem = null;
    } catch (error) {
      this.#problem = `MongoDB can’t be used: ${errorMessage(error)}`;
      this.#options.log.warn(this.#problem);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#end();
    await this.#guardian.stop();
    if (this.#lockText !== null && (await holdsLock(this.#lockPath, this.#lockText))) {
      await dropLock(this.#lockPath);
    }
  }

  async #claim(): Promise<void> {
    const { folder, onPassword } = this.#options;
    await mkdir(join(folder, 'data'), { recursive: true, mode: 0o700 });
    const made = randomBytes(PASSWORD_BYTES).toString('base64url');
    const password = (await createFileOnce(join(folder, 'password'), made)).trim();
    onPassword(password);
    const address = { port: await this.#choosePort(), password };
    const lock = await takeLock(this.#lockPath, formatAddress(address));
    const elsewhere = lock.taken ? null : parseAddress(lock.note ?? '');
    if (!lock.taken && elsewhere === null) {
      throw new MongodbError(`another workbench (process ${lock.pid}) has its data`, LOOK);
    }
    this.#lockText = lock.taken ? lock.text : null;
    this.#address = elsewhere ?? address;
    if (lock.taken) await this.#start();
    this.#timer ??= setInterval(() => this.#look(), RESTART_MS).unref();
  }

  /** Where plugins look for it already, if that is free. */
  async #choosePort(): Promise<number> {
    const { port } = this.#address ?? {};
    return port !== undefined && (await portProblem(LOCAL_HOST, port)) === null ? port : pickFreePort();
  }

  /** Starts it again where it has ended, here or with another runtime. */
  #look(): void {
    if (this.#isLooking || this.#stopped) return;
    this.#isLooking = true;
    this.#keepUp()
      .catch((error: unknown) =>
        this.#options.log.warn('Could not look after MongoDB', { error: errorMessage(error) }),
      )
      .finally(() => {
        this.#isLooking = false;
      });
  }

  async #keepUp(): Promise<void> {
    if (this.#lockText === null) {
      if ((await readLock(this.#lockPath)) === null) await this.#claim();
      return;
    }
    if (this.#child === null && !this.#stopped) await this.#restart();
    await this.#renewLock();
  }

  /** After it ended by itself. */
  async #restart(): Promise<void> {
    try {
      await this.#start();
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      if (this.#failures < MOST_FAILURES) throw error;
      if (this.#timer !== null) clearInterval(this.#timer);
      this.#problem = `MongoDB can’t be used: ${errorMessage(error)}`;
      this.#options.log.warn(this.#problem);
    }
  }

  async #renewLock(): Promise<void> {
    if (performance.now() - this.#renewedAt < LOCK_RENEWAL_MS) return;
    this.#renewedAt = performance.now();
    await utimes(this.#lockPath, new Date(), new Date());
  }

  /** Resolves when it can be logged in to. @throws {MongodbError} when it can't be started */
  async #start(): Promise<void> {
    const { program, folder, environment, log } = this.#options;
    const { port } = this.#address ?? {};
    const socket = process.platform === 'win32' ? [] : ['--nounixsocket'];
    // A developer's machine has other work: MongoDB's default is half its memory.
    const memory = ['--wiredTigerCacheSizeGB', '0.25'];
    const data = ['--dbpath', join(folder, 'data'), '--port', String(port), '--bind_ip', LOCAL_HOST];
    const child = spawn(program, [...data, ...memory, '--auth', ...socket], {
      env: { ...pluginEnvironment(environment), [MARK_VARIABLE]: this.#guardian.mark },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: a Ctrl+C in the terminal is for the runtime.
      detached: true,
      windowsHide: true,
    });
    this.#child = child;
    this.#isEnding = false;
    this.#output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-MAX_OUTPUT);
      });
    }
    const { pid } = child;
    if (pid !== undefined) this.#guardian.watch(pid);
    this.#exited = new Promise((resolve) => {
      const end = () => {
        if (pid !== undefined) this.#guardian.forget(pid);
        if (this.#child === child) this.#child = null;
        if (!this.#isEnding) log.warn('MongoDB ended by itself', { output: this.#lastLine() });
        resolve();
      };
      child.once('error', end);
      child.once('exit', end);
    });
    try {
      await this.#logIn(child);
    } catch (error) {
      await this.#end();
      throw error;
    }
    log.info('MongoDB started', { folder, pid });
  }

  async #logIn(child: ChildProcess): Promise<void> {
    const until = performance.now() + START_MS;
    const address = this.#address === null ? '' : formatAddress(this.#address);
    for (;;) {
      try {
        return await runCommand(address, { ping: 1 }, TRY_MS);
      } catch (error) {
        if (this.#child !== child) throw new MongodbError(`it ended: ${this.#lastLine()}`, LOOK);
        if (performance.now() > until)
          throw new MongodbError(`it does not answer: ${errorMessage(error)}`, LOOK);
        // The first time it has no user: the first one may be made from this machine.
        if (Object(error).code !== AUTHENTICATION_FAILED) await delay(TRY_AGAIN_MS);
        else await runCommand(this.#bareAddress(), this.#newUser(), TRY_MS);
      }
    }
  }

  #bareAddress(): string {
    return `mongodb://${LOCAL_HOST}:${this.#address?.port}/admin`;
  }

  #newUser(): object {
    return {
      createUser: LOCAL_USER,
      pwd: this.#address?.password,
      roles: [{ role: 'root', db: 'admin' }],
    };
  }

  #lastLine(): string {
    return this.#output.trim().split('\n').at(-1) ?? '';
  }

  /** Lets it write what is left. */
  async #end(): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    this.#isEnding = true;
    child.kill('SIGTERM');
    if (await waitAtMost(this.#exited, STOP_MS)) return;
    if (child.pid !== undefined) killGroup(child.pid);
    await this.#exited;
  }
}
