import type { MongodbView } from './mongodb.ts';
import type { PluginView, ReloadRecord, ReloadStats } from './plugin-view.ts';
import type { DriverView } from './python-driver.ts';

export interface FolderView {
  readonly path: string;
  readonly state: 'watching' | 'missing' | 'unreadable';
  readonly notice: string | null;
}

export interface Setting {
  readonly name: string;
  /** As text, masked when secret. */
  readonly value: string;
  readonly source:
    | 'environment'
    | 'env-file'
    | 'command-line'
    | 'default'
    | 'deprecated-alias'
    | 'generated'
    /** Chosen in the window (or the browser), now or at an earlier time. */
    | 'window';
  /** Where exactly: the variable, the .env file. */
  readonly origin: string;
  readonly description: string;
  readonly secret: boolean;
}

/** A request that the Host or Origin check refused: it leaves no trace (SECURITY.md §3). */
export interface RefusedRequestView {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly method: string;
  /** With its query, cut when long. */
  readonly path: string;
  /** What the client was told. */
  readonly reason: string;
}

export interface RefusalsView {
  /** Since the start. */
  readonly count: number;
  /** At most a hundred, the newest first. */
  readonly latest: readonly RefusedRequestView[];
}

interface HealthView {
  /** The body of `GET /health` as it answers now. */
  readonly status: string;
  readonly app_id: string;
  readonly app_tier: string;
  readonly plugins_loaded: number;
}

/** All that the frame around the screens shows. */
export interface RuntimeSnapshot {
  readonly at: number;
  readonly startedAt: number;
  readonly baseUrl: string;
  readonly ready: boolean;
  readonly notReadyReason: string | null;
  readonly health: HealthView;
  readonly appName: string;
  readonly authMode: 'local' | 'external';
  readonly tokenRequired: boolean;
  /** Plans restrict users. */
  readonly monetization: boolean;
  readonly timeoutMs: number;
  readonly folder: FolderView;
  /** The user's home folder, by which a path below it can be shown short. */
  readonly homePath: string;
  readonly plugins: readonly PluginView[];
  readonly lastReload: ReloadRecord | null;
  /** Of all plugins together. */
  readonly reloads: ReloadStats;
  readonly activity: Activity;
  /** Requests that the Host or Origin check refused since the start. */
  readonly refusedCount: number;
  /** Things the user should know: the port that moved, the fallback Electron, a deprecated variable. */
  readonly notices: readonly string[];
  readonly driver: DriverView;
  /** Null where a setting names the database. */
  readonly mongodb: MongodbView | null;
  readonly shell: 'electron' | 'headless';
  readonly versions: Readonly<Record<string, string>>;
  readonly contractVersion: string;
}

/** Executions of the last five minutes. */
export interface Activity {
  readonly windowMs: number;
  readonly buckets: readonly ActivityBucket[];
  readonly total: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

export interface ActivityBucket {
  /** Start of the bucket; ms since the epoch. */
  readonly at: number;
  readonly ok: number;
  readonly error: number;
  readonly timeout: number;
  readonly refused: number;
}

/** What a UI may ask about the runtime as a whole. `null`: no argument or no answer. */
export interface FrameFunctions {
  snapshot: { argument: null; answer: RuntimeSnapshot };
  settings: { argument: null; answer: readonly Setting[] };
  refusals: { argument: null; answer: RefusalsView };
  /** Opens an https: address, or one on this server's own origin, outside the window. */
  openLink: { argument: { url: string }; answer: null };
}
