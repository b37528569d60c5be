import type { EventSubscription } from './event-bus.ts';
import type { FindingCount } from './finding.ts';

export const LANGUAGES = ['typescript', 'javascript', 'python'] as const;
/** What a plugin is written in. */
export type Language = (typeof LANGUAGES)[number];

export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  typescript: 'TypeScript',
  javascript: 'JavaScript',
  python: 'Python',
};

/** What a new plugin's files end in; commands take them for the language's name, too. */
export const LANGUAGE_EXTENSIONS: Readonly<Record<Language, string>> = {
  typescript: 'ts',
  javascript: 'js',
  python: 'py',
};

/** The language of this name or extension (`python`, `py`); undefined when there is none. */
export function parseLanguage(text: string): Language | undefined {
  return LANGUAGES.find((language) => text === language || text === LANGUAGE_EXTENSIONS[language]);
}

export const PLUGIN_STATUSES = ['loading', 'loaded', 'parked', 'failed', 'disabled', 'quarantined'] as const;
/**
 * `loaded`: a process is up. `parked`: would run, no process at the moment. `failed`: the newest version
 * doesn't load.
 */
export type PluginStatus = (typeof PLUGIN_STATUSES)[number];

/** Why a version of a plugin doesn't load. */
export interface PluginFailure {
  readonly message: string;
  /** Path relative to the plugin's folder; null where the failure has no place in a file. */
  readonly file: string | null;
  /** From 1. */
  readonly line: number | null;
  /** From 1. */
  readonly column: number | null;
  /** The lines around it with a caret, or null. */
  readonly codeFrame: string | null;
  readonly stack: string | null;
  readonly at: number;
  /**
   * Something outside the plugin's folder is missing, a module of Python or room for the compiled version: the next
   * call tries to load the plugin again.
   */
  readonly missing?: boolean;
}

export interface ReloadRecord {
  readonly plugin: string;
  readonly at: number;
  readonly ok: boolean;
  /**
   * First file event → new version serving, in milliseconds; null for the first load and for one asked for by
   * hand.
   */
  readonly latencyMs: number | null;
  readonly version: string | null;
  readonly cause: 'start' | 'change' | 'manual' | 'restart';
  /** First line of the failure, null when ok. */
  readonly error: string | null;
}

/** Reloads remembered of each plugin. */
export const KEPT_RELOADS = 50;

/** How fast changes went live; the latencies are those of the last 200 reloads. */
export interface ReloadStats {
  /** Since the start; the first load is none. */
  readonly count: number;
  /** Versions that did not load, since the start. */
  readonly failed: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly maxMs: number | null;
}

export interface PluginStats {
  readonly calls: number;
  readonly errors: number;
  readonly timeouts: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  /** What rules found in its calls, but for collections that are muted now. */
  readonly findings: readonly FindingCount[];
}

/** A plugin that debuggers may attach to. */
export interface DebugView {
  /** On 127.0.0.1; the same over reloads. */
  readonly port: number;
  /** `ws://127.0.0.1:<port>/<id>` of the process that serves; null while there is none, and for Python. */
  readonly url: string | null;
  /** A debugger is attached: the timeouts of the plugin's calls are paused. */
  readonly attached: boolean;
}

/** A plugin that was just made. */
export interface CreatedPlugin {
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  /** Paths in the folder, the entry first. */
  readonly files: readonly string[];
  /** Null where the watcher has not found it yet: it will. */
  readonly plugin: PluginView | null;
}

export interface PluginView {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly version: string;
  readonly enabled: boolean;
  /** The import path production would use, `plugins.<name>.logic` or `plugins.<name>.backend.logic`. */
  readonly backend: string;
  readonly language: Language;
  readonly status: PluginStatus;
  /** A version is able to answer now, perhaps an older one than is on disk. */
  readonly serving: boolean;
  /** Content hash of the serving version (12 hex digits), or null. */
  readonly contentHash: string | null;
  /** When the serving version was loaded; ms since the epoch. */
  readonly loadedAt: number | null;
  readonly failure: PluginFailure | null;
  readonly notice: string | null;
  readonly pid: number | null;
  readonly lastReload: ReloadRecord | null;
  readonly reloads: ReloadStats;
  readonly stats: PluginStats;
  /** Entry file relative to the watched folder. */
  readonly entry: string;
  /** Null while it isn't being debugged. */
  readonly debug: DebugView | null;
  /** At most `BUS_LIMITS.subscriptions`; absent where there are none. */
  readonly subscriptions?: readonly EventSubscription[] | undefined;
}

/** A file that was handed to an editor. */
export interface OpenedFile {
  /** The editor's command, without its path. */
  readonly editor: string;
  /** Relative to the plugin's folder. */
  readonly file: string;
}

/** What a UI may ask about plugins. `null`: no argument or no answer. */
export interface PluginFunctions {
  reloadPlugin: { argument: { name: string }; answer: PluginView };
  restartPlugin: { argument: { name: string }; answer: PluginView };
  setPluginEnabled: { argument: { name: string; enabled: boolean }; answer: PluginView };
  /** Makes a plugin that runs at once; CONFLICT when something of that name is there. */
  createPlugin: { argument: { name: string; language: Language }; answer: CreatedPlugin };
  /** Opens a port for debuggers, or closes it. CONFLICT with the reason when it can't be debugged now. */
  debugPlugin: { argument: { name: string; on: boolean }; answer: PluginView };
  openPluginFolder: { argument: { name: string | null }; answer: null };
  /**
   * Opens a file of the plugin in the user's editor: its entry, or `file` (relative to the plugin's folder,
   * never outside of it) at `line` and `column`, both from 1. NOT_FOUND, FORBIDDEN, or CONFLICT with the
   * remedy when no editor can open it.
   */
  openInEditor: {
    argument: {
      name: string;
      file?: string | undefined;
      line?: number | undefined;
      column?: number | undefined;
    };
    answer: OpenedFile;
  };
  /** The plugin's last reloads, newest first; at most {@link KEPT_RELOADS}. */
  pluginReloads: { argument: { name: string }; answer: readonly ReloadRecord[] };
}
