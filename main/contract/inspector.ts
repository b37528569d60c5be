import type { Result } from './errors.ts';
import type { Json, JsonObject } from './http.ts';
import type { IdentityView, KeptBody, Outcome, Provenance, TokenStep, Trace, TraceSummary } from './trace.ts';

/**
 * What the UI may ask of a runtime: one map of functions and one of events. Both transports (IPC in the window, HTTP and
 * server-sent events in a browser) and the renderer's client derive their types from here.
 */

export const PLUGIN_STATUSES = ['loading', 'loaded', 'parked', 'failed', 'disabled', 'quarantined'] as const;
/** `loaded`: a process is up. `parked`: would run, no process at the moment. `failed`: the newest version doesn't load. */
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
}

export interface ReloadRecord {
  readonly plugin: string;
  readonly at: number;
  readonly ok: boolean;
  /** First file event → new version serving, in milliseconds; null for the first load and for one asked for by hand. */
  readonly latencyMs: number | null;
  readonly version: string | null;
  readonly cause: 'start' | 'change' | 'manual' | 'restart';
  /** First line of the failure, null when ok. */
  readonly error: string | null;
}

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
}

/** A plugin that debuggers may attach to. */
export interface DebugView {
  /** On 127.0.0.1; the same over reloads. */
  readonly port: number;
  /** `ws://127.0.0.1:<port>/<id>` of the process that serves; null while there is none, and for Python. */
  readonly url: string | null;
  /** A debugger is attached: the deadlines of the plugin's calls stand still. */
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
  readonly language: 'typescript' | 'javascript' | 'python';
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
}

export interface FolderView {
  readonly path: string;
  readonly state: 'watching' | 'missing' | 'unreadable';
  readonly notice: string | null;
}

export interface Setting {
  readonly name: string;
  /** As text, masked when secret. */
  readonly value: string;
  readonly source: 'environment' | 'env-file' | 'command-line' | 'default' | 'deprecated-alias' | 'generated';
  /** Where exactly: the variable, the .env file. */
  readonly origin: string;
  readonly description: string;
  readonly secret: boolean;
}

export interface HealthView {
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
  readonly timeoutMs: number;
  readonly folder: FolderView;
  readonly plugins: readonly PluginView[];
  readonly lastReload: ReloadRecord | null;
  /** Of all plugins together. */
  readonly reloads: ReloadStats;
  readonly activity: Activity;
  /** Things the user should know: the port that moved, the fallback Electron, a deprecated variable. */
  readonly notices: readonly string[];
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

export const PERSONAS = [
  'anonymous',
  'user',
  'admin',
  'superadmin',
  'expired',
  'wrong-audience',
  'no-subject',
  'custom',
] as const;
export type PersonaId = (typeof PERSONAS)[number];

export interface PersonaView {
  readonly id: PersonaId;
  readonly label: string;
  readonly description: string;
  /** Why it can't be used here (external mode has no private key), or null. */
  readonly unavailable: string | null;
  /** The claims its token is minted with, relative times resolved; null for anonymous and custom. */
  readonly claims: JsonObject | null;
}

export interface RunRequest {
  /** Chosen by the caller; names the run for `cancelRun`. */
  readonly runId: string;
  readonly plugin: string;
  /** The request's body as text, sent as it is, valid JSON or not. */
  readonly body: string;
  readonly persona: PersonaId;
  /** The bearer token for the persona `custom`. */
  readonly token?: string;
}

export interface HeaderCheck {
  readonly expected: string;
  readonly observed: string | null;
  readonly ok: boolean;
}

/** The answer of a call made over real HTTP. */
export interface RunAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: KeptBody;
  readonly durationMs: number;
  readonly versionHeader: HeaderCheck;
  readonly traceId: string | null;
  readonly cancelled: boolean;
}

export interface TraceQuery {
  readonly limit: number;
  /** Only traces with a `seq` below this. */
  readonly before?: number;
  readonly plugin?: string;
  readonly outcome?: Outcome;
  /** Looked for in bodies, users, ids and messages, letter case ignored. */
  readonly text?: string;
}

export interface TracePage {
  readonly traces: readonly TraceSummary[];
  /** Matches kept in memory. */
  readonly matched: number;
  /** All kept in memory. */
  readonly kept: number;
  /** Dropped from memory since start, oldest first. */
  readonly dropped: number;
}

export interface CheckView {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  /** The rule, in our words, with its place: "contract §1". */
  readonly rule: string;
  readonly verdict: 'passed' | 'failed' | 'skipped';
  /** Why, in words: what differs, or why it was skipped. */
  readonly reason: string;
  readonly request: string;
  readonly expected: string;
  readonly observed: string;
  readonly evidence: {
    readonly status: number | null;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
}

export interface ConformanceReport {
  readonly target: string;
  readonly at: number;
  readonly durationMs: number;
  readonly checks: readonly CheckView[];
}

export interface MintRequest {
  readonly claims: JsonObject;
}

export interface TokenReport {
  readonly header: JsonObject | null;
  readonly claims: JsonObject | null;
  /** Null when the token can be decoded. */
  readonly decodeError: string | null;
  readonly verified: boolean;
  readonly steps: readonly TokenStep[];
  /** The identity it would give; null when refused. */
  readonly identity: IdentityView | null;
  readonly context: Json;
  readonly provenance: readonly Provenance[];
}

/** Every function of the Inspector: its argument and its answer. `null` stands for no argument or no answer. */
export interface InspectorFunctions {
  snapshot: { argument: null; answer: RuntimeSnapshot };
  settings: { argument: null; answer: readonly Setting[] };
  reloadPlugin: { argument: { name: string }; answer: PluginView };
  restartPlugin: { argument: { name: string }; answer: PluginView };
  setPluginEnabled: { argument: { name: string; enabled: boolean }; answer: PluginView };
  /** Makes a plugin that runs at once; CONFLICT when something of that name is there. */
  createPlugin: { argument: { name: string; language: PluginView['language'] }; answer: CreatedPlugin };
  /** Opens a port for debuggers, or closes it. CONFLICT with the reason when it can't be debugged now. */
  debugPlugin: { argument: { name: string; on: boolean }; answer: PluginView };
  openPluginFolder: { argument: { name: string | null }; answer: null };
  run: { argument: RunRequest; answer: RunAnswer };
  cancelRun: { argument: { runId: string }; answer: null };
  /** The command a shell would need; the token is left out unless asked for. */
  runAsCurl: {
    argument: { plugin: string; body: string; persona: PersonaId; token?: string; revealToken: boolean };
    answer: string;
  };
  traces: { argument: TraceQuery; answer: TracePage };
  trace: { argument: { id: string }; answer: Trace };
  clearTraces: { argument: null; answer: null };
  /** Sends a trace's request again, as the persona given: the original token is not kept. */
  replay: { argument: { id: string; persona: PersonaId; token?: string; runId: string }; answer: RunAnswer };
  checkContract: { argument: null; answer: ConformanceReport };
  personas: { argument: null; answer: readonly PersonaView[] };
  mintToken: { argument: MintRequest; answer: { token: string } };
  inspectToken: { argument: { token: string }; answer: TokenReport };
  /** Opens an https: address, or one on this server's own origin, outside the window. */
  openLink: { argument: { url: string }; answer: null };
}

export type InspectorName = keyof InspectorFunctions;
export type ArgumentOf<N extends InspectorName> = InspectorFunctions[N]['argument'];
export type AnswerOf<N extends InspectorName> = InspectorFunctions[N]['answer'];

/** One call of the Inspector, whatever the transport. */
export type InspectorCall = <N extends InspectorName>(
  name: N,
  argument: ArgumentOf<N>,
) => Promise<Result<AnswerOf<N>>>;

/** What the runtime tells the UI unasked. Traces come in batches; a hidden window gets none. */
export interface InspectorEvents {
  /** Health, readiness, plugins or folder changed. */
  snapshot: RuntimeSnapshot;
  reload: ReloadRecord;
  /** New traces in order of arrival since the last batch, with the counts that hold after it. */
  traces: { readonly traces: readonly TraceSummary[]; readonly kept: number; readonly dropped: number };
}
export type InspectorEventName = keyof InspectorEvents;

/** What the preload script puts on `window.workbench`, and what the browser's client offers alike. */
export interface WorkbenchBridge {
  readonly call: InspectorCall;
  /** Returns its undo. */
  readonly on: <E extends InspectorEventName>(
    event: E,
    listener: (payload: InspectorEvents[E]) => void,
  ) => () => void;
}

/** The IPC channels. */
export const CHANNELS = {
  /** invoke(name, argument) → Result */
  call: 'workbench:call',
  /** main → window: (event, payload) */
  event: 'workbench:event',
} as const;

/** The paths below the headless Inspector's token: `ROUTES.inspector`/<token>/… */
export const INSPECTOR_PATHS = {
  ui: 'ui/',
  /** POST <call>/<name> with the argument as JSON → Result */
  call: 'call',
  /** GET, server-sent events: `event: <name>`, `data: <payload>` */
  events: 'events',
} as const;
