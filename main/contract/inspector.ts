import type { CheckProgress, ConformanceFunctions } from './conformance.ts';
import type { DataFunctions } from './data.ts';
import type { DemoFunctions } from './demo.ts';
import type { Result } from './errors.ts';
import type { BusEvent, EventFunctions } from './event-bus.ts';
import type { MuteFunctions } from './finding.ts';
import type { FolderFunctions } from './folder.ts';
import type { MongodbFunctions } from './mongodb.ts';
import type { PluginFunctions, ReloadRecord } from './plugin-view.ts';
import type { DriverFunctions } from './python-driver.ts';
import type { RunFunctions } from './run.ts';
import type { FrameFunctions, RuntimeSnapshot } from './snapshot.ts';
import type { SocketFunctions, SocketsView } from './sockets.ts';
import type { TokenFunctions } from './token.ts';
import type { TraceSummary } from './trace.ts';
import type { TraceFileFunctions } from './trace-file.ts';
import type { TraceFunctions } from './trace-list.ts';
import type { Appearance, UiCommand, WindowFunctions } from './window.ts';

/**
 * What the UI may ask of a runtime: one map of functions and one of events. Both transports (IPC in the
 * window, HTTP and server-sent events in a browser) and the renderer's client derive their types from here.
 */

/** Every function of the Inspector: its argument and its answer. `null`: no argument or no answer. */
export interface InspectorFunctions
  extends FrameFunctions,
    FolderFunctions,
    WindowFunctions,
    PluginFunctions,
    RunFunctions,
    TraceFunctions,
    TraceFileFunctions,
    TokenFunctions,
    ConformanceFunctions,
    DemoFunctions,
    DriverFunctions,
    MongodbFunctions,
    DataFunctions,
    SocketFunctions,
    EventFunctions,
    MuteFunctions {}

export type InspectorName = keyof InspectorFunctions;
export type ArgumentOf<N extends InspectorName> = InspectorFunctions[N]['argument'];
export type AnswerOf<N extends InspectorName> = InspectorFunctions[N]['answer'];

/** One call of the Inspector, over any transport. */
type InspectorCall = <N extends InspectorName>(
  name: N,
  argument: ArgumentOf<N>,
) => Promise<Result<AnswerOf<N>>>;

/** What the runtime tells the UI unasked. Traces come in batches; a hidden window gets none. */
export interface InspectorEvents {
  /** Health, readiness, plugins, folder or the provider's signing keys changed. */
  snapshot: RuntimeSnapshot;
  reload: ReloadRecord;
  /** The window's menu, or a second start, asks the page for something. Never in a browser. */
  command: UiCommand;
  /** Theme or zoom of the window changed. Never in a browser. */
  appearance: Appearance;
  /** Every step of a run, in order. */
  checkProgress: CheckProgress;
  /** Files appeared, changed or vanished in the samples' folders of these plugins. */
  samples: { readonly plugins: readonly string[] };
  /** New messages since the last batch, and all the rest. */
  sockets: SocketsView;
  /** Events of the bus that are new since the last batch, or have come further; in order of `seq`. */
  busEvents: readonly BusEvent[];
  /**
   * New traces with consecutive `seq` since the last batch, with the counts that hold after it. A first `seq`
   * that doesn't follow the last one received: some were left out, and the list has to be requested again.
   */
  traces: { readonly traces: readonly TraceSummary[]; readonly kept: number; readonly dropped: number };
}
export type InspectorEventName = keyof InspectorEvents;

/** What the preload script puts on `window.workbench`, and what the browser's client offers alike. */
export interface WorkbenchBridge {
  readonly call: InspectorCall;
  /** Returns `unsubscribe`. */
  readonly on: <E extends InspectorEventName>(
    event: E,
    listener: (payload: InspectorEvents[E]) => void,
  ) => () => void;
  /**
   * Where a file or folder that was dropped lies; empty when it is none of this machine. In the window only.
   */
  readonly pathOf?: (file: object) => string;
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
