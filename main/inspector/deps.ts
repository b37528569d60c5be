import type { SwitchableAuth } from '../auth/switchable-auth.ts';
import type { FolderMemory } from '../config/recent-folders.ts';
import type { Config } from '../config/types.ts';
import type { CheckTarget } from '../conformance/target/target.ts';
import type { CheckProgress, ProbeLanguage } from '../contract/conformance.ts';
import type { DemoResult, DemoStep, DemoView } from '../contract/demo.ts';
import type { ArgumentOf } from '../contract/inspector.ts';
import type { PluginView } from '../contract/plugin-view.ts';
import type { RunAnswer } from '../contract/run.ts';
import type { RefusalsView, RuntimeSnapshot } from '../contract/snapshot.ts';
import type { Appearance } from '../contract/window.ts';
import type { DatabaseClient } from '../database/client/client.ts';
import type { DocumentStore } from '../documents/store.ts';
import type { EnginePlugin, PluginEngine } from '../plugins/engine/types.ts';
import type { Mutes } from '../rules/mutes.ts';
import type { SocketHub } from '../sockets/socket-hub.ts';
import type { TestConnector } from '../sockets/test-connection.ts';
import type { Log } from '../system/log.ts';
import type { OpenedFiles } from '../traces/files/opened-files.ts';
import type { Redactor } from '../traces/record/redact.ts';
import type { TraceStore } from '../traces/store/store.ts';
import type { BusHistory } from './bus-history.ts';
import type { Downloads } from './downloads.ts';

/** What a desktop can do for the UI, and a browser can't. */
export interface Desktop {
  /** In the file manager, without opening it: what looks like a folder may be a program (macOS). */
  showFolder(path: string): void;
  /** Asks whether the plugins in this folder may run. */
  confirmFolder(path: string): Promise<boolean>;
  openLink(url: string): Promise<void>;
  /** The system's own dialog, starting at `current`; null when nothing was chosen. */
  chooseFolder(current: string): Promise<string | null>;
  /** Changes theme or zoom where given; returns what applies then. */
  setAppearance(change: Partial<Appearance>): Appearance;
  /**
   * Asks where to save a file, proposing `name`, and writes it there. Its path, or null when the dialog was
   * closed.
   * @throws {WorkbenchError} INTERNAL_ERROR when it can't be written
   */
  saveFile(name: string, chunks: AsyncIterable<string>): Promise<string | null>;
}

/** Sample traffic on a runtime of its own. */
interface DemoControl {
  start(): Promise<DemoView>;
  run(step: DemoStep): Promise<DemoResult>;
  isDemoPlugin(plugin: string): boolean;
  replay(input: ArgumentOf<'replay'>): Promise<RunAnswer>;
  stop(): Promise<void>;
}

/** The database's driver for Python. The last two resolve when it is done. */
interface DriverControl {
  install(): void;
  cancel(): Promise<void>;
  remove(): Promise<void>;
}

/** The database of plugins where no setting names one. The last two resolve when it is done. */
interface DatabaseControl {
  readonly kind: 'local' | 'mongodb';
  useMongodb(): void;
  cancelMongodb(): Promise<void>;
  useLocal(): Promise<void>;
}

/** The runtime's parts as the Inspector's functions use them. */
export interface HandlerDeps {
  readonly config: Config;
  readonly authSwitch: SwitchableAuth;
  /** Tells the UIs that identities are now resolved in another way. */
  readonly onAuthChanged: () => void;
  readonly engine: PluginEngine;
  readonly documents: DocumentStore;
  readonly driver: DriverControl;
  /** Null where a setting names the database. */
  readonly database: DatabaseControl | null;
  /** The plugins' database. */
  readonly data: DatabaseClient;
  readonly sockets: SocketHub;
  /** The events of the bus. */
  readonly bus: BusHistory;
  /** The connection that the screen Messages opens. */
  readonly test: TestConnector;
  readonly traces: TraceStore;
  readonly mutes: Mutes;
  readonly openedFiles: OpenedFiles;
  readonly redactor: Redactor;
  /** What it masks by value. */
  readonly secrets: readonly string[];
  /** The script of the thread that checks another runtime. */
  readonly checkScript: string;
  readonly log: Log;
  /** What the Host and Origin check refused. */
  readonly refusals: () => RefusalsView;
  readonly baseUrl: () => string;
  readonly snapshot: () => RuntimeSnapshot;
  readonly withStats: (plugin: EnginePlugin) => PluginView;
  readonly folders: FolderMemory;
  readonly desktop: Desktop | null;
  readonly demo: DemoControl;
  /**
   * This runtime as a target of the contract's checks; its ephemeral runtimes end with the target, or with
   * the runtime.
   */
  readonly ownTarget: (options: {
    readonly language: ProbeLanguage;
    /** The token to use where this runtime can't sign. */
    readonly token?: string | undefined;
  }) => Promise<CheckTarget>;
  /** Where a browser fetches what a desktop would save. */
  readonly downloads: Downloads;
  /** Tells the UIs about the progress of a run of the contract's checks. */
  readonly onCheckProgress: (progress: CheckProgress) => void;
}
