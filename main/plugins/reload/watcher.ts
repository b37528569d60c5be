import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { basename, sep } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import type { FolderView } from '../../contract/snapshot.ts';
import { errorMessage, hasErrorCode } from '../../system/errors.ts';
import type { Log } from '../../system/log.ts';
import { isInside } from '../../system/paths.ts';
import { LONGEST_CHANGE_MS, POLL_INTERVAL_MS, QUIET_MS, REWATCH_MS, ROOT_POLL_MS } from './timing.ts';
import { isExhausted, silentFileSystem, type WatchMode } from './watch-mode.ts';

/** Imported packages may have thousands of files, and each needs a watch. */
const MAX_FOLLOWED = 2_000;

export interface ChangedPath {
  readonly path: string;
  /** Whether only the file's content changed; otherwise it, or a folder, appeared or vanished. */
  readonly contentOnly: boolean;
}

export interface WatcherOptions {
  /** As configured; it may be missing, or a link. */
  readonly path: string;
  readonly mode: WatchMode;
  readonly log: Log;
  /** `at`: when the first of these events came (performance clock, ms). */
  readonly onChanges: (changes: readonly ChangedPath[], at: number) => void;
  /** The folder exists, at the start or again: all of it must be scanned. */
  readonly onOpened: (root: string, at: number) => Promise<void>;
  readonly onState: () => void;
}

/** Watches the plugins' folder, through its deletion and return, and files outside it that plugins import. */
export class FolderWatcher {
  readonly #options: WatcherOptions;
  #state: FolderView['state'] = 'missing';
  #notice: string | null = null;
  /** The real path of the folder that is, or was, watched. */
  #root: string | null = null;
  #watcher: FSWatcher | null = null;
  /** Files below node_modules or outside the watched folder. */
  #outside: FSWatcher | null = null;
  #followed = new Set<string>();
  /** Distinguishes one folder from another at the same path. */
  #identity: string | null = null;
  #changes = new Map<string, ChangedPath>();
  #firstAt = 0;
  #quiet: NodeJS.Timeout | null = null;
  #poll: NodeJS.Timeout | null = null;
  /** Folders that vanished a moment ago. */
  #vanished = new Set<string>();
  #rewatch: NodeJS.Timeout | null = null;
  #polling = false;
  /** Why files are compared regularly instead of waiting for events; null while events are used. */
  #pollReason: string | null = null;
  /** The system has no file watches left: assumed for the rest of this watcher's life. */
  #exhausted = false;
  #stopped = false;

  constructor(options: WatcherOptions) {
    this.#options = options;
  }

  get state(): FolderView['state'] {
    return this.#state;
  }

  get notice(): string | null {
    if (this.#pollReason === null || this.#state !== 'watching') return this.#notice;
    return `Files are compared every ${POLL_INTERVAL_MS} ms instead of waiting for events, since ${this.#pollReason}.`;
  }

  /** Resolves when the folder is watched and `onOpened` has settled, or when there is no folder. */
  async start(): Promise<void> {
    await this.#checkRoot();
    this.#poll = setInterval(() => {
      this.#checkRoot().catch((error: unknown) =>
        this.#options.log.error('Could not check the plugins folder', error),
      );
    }, ROOT_POLL_MS);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#poll !== null) clearInterval(this.#poll);
    if (this.#quiet !== null) clearTimeout(this.#quiet);
    if (this.#rewatch !== null) clearTimeout(this.#rewatch);
    await Promise.all([this.#watcher?.close(), this.#outside?.close()]);
  }

  /** Whether the watch on the folder itself reports this file. */
  covers(file: string): boolean {
    return (
      this.#root !== null &&
      isInside(this.#root, file) &&
      !/[\\/](node_modules|\.[^\\/]*)[\\/]/.test(file.slice(this.#root.length))
    );
  }

  /** Sets the files to watch outside the folder; those of an earlier call are dropped. */
  follow(files: ReadonlySet<string>): void {
    const followed = new Set([...files].slice(0, MAX_FOLLOWED));
    const added = [...followed].filter((file) => !this.#followed.has(file));
    const gone = [...this.#followed].filter((file) => !followed.has(file));
    this.#followed = followed;
    if (this.#stopped || (added.length === 0 && gone.length === 0)) return;
    this.#outside ??= this.#observe([]);
    this.#outside.add(added);
    this.#outside.unwatch(gone);
  }

  /** Compares the folder with what is known about it, and opens or closes the watch. */
  async #checkRoot(): Promise<void> {
    if (this.#polling || this.#stopped) return;
    this.#polling = true;
    try {
      const found = await identify(this.#options.path);
      if (found.identity === this.#identity && found.state === this.#state) return;
      this.#identity = found.identity;
      await this.#watcher?.close();
      this.#watcher = null;
      this.#pollReason = null;
      this.#setState(found.state, found.notice);
      if (found.state === 'watching') await this.#open();
    } catch (error) {
      // It vanished while it was being opened: next time everything in it is new.
      this.#identity = null;
      throw error;
    } finally {
      this.#polling = false;
    }
  }

  async #open(): Promise<void> {
    const root = await realpath(this.#options.path);
    this.#root = root;
    this.#pollReason = await this.#reasonToPoll(root);
    // What was opened while events were trusted reports nothing now.
    if (this.#pollReason !== null) await this.#reopenOutside();
    if (this.#stopped) return;
    if (this.notice !== null) this.#setState('watching', this.#notice);
    const at = performance.now();
    const watcher = this.#observe([root], ignoredBelow(root));
    this.#watcher = watcher;
    await new Promise<void>((resolve) => watcher.once('ready', () => resolve()));
    if (!this.#stopped) await this.#options.onOpened(root, at);
  }

  async #reasonToPoll(root: string): Promise<string | null> {
    if (this.#options.mode === 'events') return null;
    if (this.#options.mode === 'polling') return 'MOZAIKS_WATCH is set to polling';
    return this.#exhausted ? 'the system has no file watches left' : silentFileSystem(root);
  }

  async #reopenOutside(): Promise<void> {
    const files = this.#followed;
    await this.#outside?.close();
    this.#outside = null;
    this.#followed = new Set();
    this.follow(files);
  }

  #observe(paths: string[], ignored: (path: string) => boolean = () => false): FSWatcher {
    const watcher = watch(paths, {
      ignoreInitial: true,
      // Real paths decide what belongs to a plugin; a link back to the folder would be followed endlessly.
      followSymlinks: false,
      ignored,
      usePolling: this.#pollReason !== null,
      interval: POLL_INTERVAL_MS,
    });
    watcher.on('all', (event, path) => this.#collect({ path, contentOnly: event === 'change' }));
    watcher.on('unlinkDir', (path) => this.#watchAgain(path));
    watcher.on('error', (error) => this.#fail(error));
    return watcher;
  }

  /**
   * A folder that vanishes and is back at once, as when a branch is checked out, may come back unwatched: the
   * library closes the watch of the new one with the old one's. So each is watched anew a little later, and
   * what happened to it meanwhile is looked up.
   */
  #watchAgain(path: string): void {
    if (this.#stopped) return;
    this.#vanished.add(path);
    if (this.#rewatch !== null) clearTimeout(this.#rewatch);
    this.#rewatch = setTimeout(() => {
      const paths = [...this.#vanished];
      this.#vanished = new Set();
      this.#watcher?.unwatch(paths);
      this.#watcher?.add(paths);
      for (const vanished of paths) this.#collect({ path: vanished, contentOnly: false });
    }, REWATCH_MS);
  }

  #fail(error: unknown): void {
    // Each of a thousand files may report this; once is enough.
    if (this.#exhausted && isExhausted(error)) return;
    this.#options.log.warn('Could not watch the plugins folder', { error: errorMessage(error) });
    if (!isExhausted(error)) return;
    this.#exhausted = true;
    // The next check opens the folder again, then without events.
    if (this.#options.mode === 'auto') this.#identity = null;
  }

  #collect(change: ChangedPath): void {
    if (this.#stopped) return;
    const now = performance.now();
    if (this.#changes.size === 0) this.#firstAt = now;
    const known = this.#changes.get(change.path);
    this.#changes.set(change.path, known?.contentOnly === false ? known : change);
    if (this.#quiet !== null) {
      if (now - this.#firstAt > LONGEST_CHANGE_MS) return;
      clearTimeout(this.#quiet);
    }
    this.#quiet = setTimeout(() => this.#flush(), QUIET_MS);
  }

  #flush(): void {
    const changes = [...this.#changes.values()];
    this.#changes = new Map();
    this.#quiet = null;
    this.#options.onChanges(changes, this.#firstAt);
  }

  #setState(state: FolderView['state'], notice: string | null): void {
    this.#state = state;
    this.#notice = notice;
    if (this.notice !== null) this.#options.log.warn(this.notice);
    this.#options.onState();
  }
}

interface RootCheck {
  readonly state: FolderView['state'];
  readonly identity: string | null;
  readonly notice: string | null;
}

async function identify(path: string): Promise<RootCheck> {
  try {
    const stats = await stat(path);
    if (!stats.isDirectory()) return unreadable(`The plugins folder ${path} is not a folder.`);
    await access(path, constants.R_OK | constants.X_OK);
    return { state: 'watching', identity: `${stats.dev}:${stats.ino}:${stats.birthtimeMs}`, notice: null };
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT')) {
      return unreadable(`The plugins folder ${path} can't be read: ${errorMessage(error)}`);
    }
    const notice = `The plugins folder ${path} does not exist. Create it; plugins in it are found at once.`;
    return { state: 'missing', identity: null, notice };
  }
}

function unreadable(notice: string): RootCheck {
  return { state: 'unreadable', identity: null, notice };
}

/** Packages are watched file by file through `follow`; dot folders (.git) never contain a plugin. */
function ignoredBelow(root: string): (path: string) => boolean {
  return (path) => {
    if (!path.startsWith(root + sep)) return false;
    const name = basename(path);
    return name === 'node_modules' || name === '__pycache__' || name.startsWith('.');
  };
}
