import { type ErrorCode, type Result, WorkbenchError } from '../main/contract/errors.ts';
import {
  type AnswerOf,
  type ArgumentOf,
  INSPECTOR_PATHS,
  type InspectorEventName,
  type InspectorName,
  type WorkbenchBridge,
} from '../main/contract/inspector.ts';

/**
 * The renderer's only way out: the Inspector over the preload's bridge (in the window) or over HTTP and
 * server-sent events (in a browser), and the few things of the page itself: hash, storage, clipboard,
 * keyboard.
 */

declare global {
  interface Window {
    readonly workbench?: WorkbenchBridge;
  }
}

/** Whether events of the runtime arrive. `lost`: it keeps retrying. */
export interface Connection {
  readonly state: 'connecting' | 'open' | 'lost';
  /** When this state began; ms since the epoch. */
  readonly since: number;
}

export interface Bridge extends WorkbenchBridge {
  /** Calls back at once with the current state, then on each change. Returns `unsubscribe`. */
  readonly onConnection: (listener: (connection: Connection) => void) => () => void;
}

/** The few parts of `EventSource` that the browser's client needs; a test passes its own. */
export interface EventStream {
  onopen: ((event: Event) => unknown) | null;
  onerror: ((event: Event) => unknown) | null;
  readonly readyState: number;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

export interface HttpBridgeOptions {
  /** The page's own address, …/__inspector/<token>/ui/ */
  readonly page: string;
  readonly fetch: typeof globalThis.fetch;
  readonly openEvents: (url: string) => EventStream;
  /** Wait before a closed event stream is reopened. */
  readonly retryMs?: number;
}

/** All but the window's own; a missing one fails the type check. */
const HEARD: Readonly<Record<Exclude<InspectorEventName, 'command' | 'appearance'>, true>> = {
  snapshot: true,
  reload: true,
  checkProgress: true,
  samples: true,
  sockets: true,
  busEvents: true,
  traces: true,
};
const EVENT_NAMES = Object.keys(HEARD) as readonly InspectorEventName[];
const STREAM_CLOSED = 2;

type Listener = (payload: never) => void;

/** The Inspector's client in a browser: calls are POSTs beside the page, events one server-sent stream. */
export function createHttpBridge({ page, fetch, openEvents, retryMs = 1000 }: HttpBridgeOptions): Bridge {
  const root = new URL('../', page);
  const listeners = new Map<InspectorEventName, Set<Listener>>(EVENT_NAMES.map((name) => [name, new Set()]));
  const connectionListeners = new Set<(connection: Connection) => void>();
  let connection: Connection = { state: 'connecting', since: Date.now() };

  const enter = (state: Connection['state']) => {
    if (connection.state === state) return;
    connection = { state, since: Date.now() };
    for (const listener of connectionListeners) listener(connection);
  };

  const connect = () => {
    const stream = openEvents(new URL(INSPECTOR_PATHS.events, root).href);
    stream.onopen = () => enter('open');
    stream.onerror = () => {
      enter('lost');
      // A dropped connection is retried by EventSource itself; one that was answered with an error is not.
      if (stream.readyState === STREAM_CLOSED) setTimeout(connect, retryMs);
    };
    for (const name of EVENT_NAMES) {
      stream.addEventListener(name, (event) => {
        const payload = JSON.parse(event.data) as never;
        for (const listener of listeners.get(name) ?? []) listener(payload);
      });
    }
  };
  connect();

  return {
    call: (name, argument) => post(fetch, new URL(`${INSPECTOR_PATHS.call}/${name}`, root).href, argument),
    on: (event, listener) => {
      listeners.get(event)?.add(listener as Listener);
      return () => listeners.get(event)?.delete(listener as Listener);
    },
    onConnection: (listener) => {
      connectionListeners.add(listener);
      listener(connection);
      return () => connectionListeners.delete(listener);
    },
  };
}

async function post<T>(fetch: typeof globalThis.fetch, url: string, argument: unknown): Promise<Result<T>> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(argument),
    });
    const body: unknown = await response.json();
    if (isResult<T>(body)) return body;
    return unexpected(response.status, body);
  } catch (error) {
    return failure(
      'NOT_READY',
      `The workbench can't be reached (${error instanceof Error ? error.message : String(error)}). Is it still running?`,
    );
  }
}

/** An answer that is not the Inspector's: the runtime's own refusal, or another program on that port. */
function unexpected(status: number, body: unknown) {
  const detail = typeof body === 'object' && body !== null && 'detail' in body ? body.detail : undefined;
  const reason = typeof detail === 'string' ? detail : 'not an answer of the Inspector';
  return failure(
    'INTERNAL_ERROR',
    `The workbench answered ${status}: ${reason}. Reload the page if it was restarted.`,
  );
}

function failure(
  code: ErrorCode,
  message: string,
): { ok: false; error: { code: ErrorCode; message: string } } {
  return { ok: false, error: { code, message } };
}

function isResult<T>(body: unknown): body is Result<T> {
  return typeof body === 'object' && body !== null && 'ok' in body && ('value' in body || 'error' in body);
}

function createWindowBridge(workbench: WorkbenchBridge): Bridge {
  const connection: Connection = { state: 'open', since: Date.now() };
  return {
    ...workbench,
    call: (name, argument) => workbench.call(name, argument),
    on: (event, listener) => workbench.on(event, listener),
    onConnection: (listener) => {
      listener(connection);
      return () => undefined;
    },
  };
}

/** The bridge of this page: through the preload in the window, over HTTP in a browser. */
export function openBridge(): Bridge {
  if (window.workbench) return createWindowBridge(window.workbench);
  return createHttpBridge({
    page: new URL('./', window.location.href.split('#')[0]).href,
    fetch: window.fetch.bind(window),
    openEvents: (url) => new EventSource(url),
  });
}

/** The Inspector as the stores use it: a bridge whose calls throw what the runtime refused with. */
export interface Inspector extends Omit<Bridge, 'call'> {
  /** Throws the {@link WorkbenchError} that the runtime answered with. */
  readonly call: <N extends InspectorName>(name: N, argument: ArgumentOf<N>) => Promise<AnswerOf<N>>;
}

export function createInspector(bridge: Bridge): Inspector {
  return {
    ...bridge,
    async call(name, argument) {
      const result = await bridge.call(name, argument);
      if (result.ok) return result.value;
      throw new WorkbenchError(result.error.code, result.error.message);
    },
  };
}
