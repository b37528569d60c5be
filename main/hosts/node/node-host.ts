import { open, url } from 'node:inspector';
import { CHILD_SPAN_MODES } from '../../contract/child-span.ts';
import { HOST_LIMITS, type HostMessage, type HostResult, type RuntimeMessage } from '../../contract/host.ts';
import type { JsonObject } from '../../contract/http.ts';
import type { CallTools } from '../../contract/plugin.ts';
import { dropProtoKeys } from '../../system/plain-json.ts';
import { firstPlace } from '../../system/stack-frame.ts';
import { openChannel, type Send } from './child/channel.ts';
import { type CapturedConsole, captureConsole } from './child/console.ts';
import { type CurrentCall, currentCall } from './child/current-call.ts';
import { closeInheritedSockets } from './child/inherited-sockets.ts';
import { type Handler, loadPlugin } from './child/load.ts';
import { checkResult, describeThrown } from './child/result.ts';
import { Children } from './child/spans/children.ts';
import { watchFetch } from './child/spans/watch-fetch.ts';
import { watchHttp } from './child/spans/watch-http.ts';
import { watchMongodb } from './child/spans/watch-mongodb.ts';
import { warmUp } from './child/warm-up.ts';

/**
 * The child side of a plugin's process: loads one compiled version, runs its calls, reports results and
 * console lines.
 *
 * The plugin's code shares this process. Everything here guards against accidents (a plugin that writes to
 * the channel, returns a cycle, throws null); nothing in the same process can guard against malice, so the
 * runtime trusts no message.
 */
function main(): void {
  closeInheritedSockets();
  // Under Electron the runtime starts this script with the variable set; a plugin must neither see nor
  // inherit it.
  delete process.env.ELECTRON_RUN_AS_NODE;
  process.setSourceMapsEnabled(true);
  const send = openChannel((message) => {
    if (message.type === 'load') load(message.bundle, message.entry, send, calls.use);
    else if (message.type === 'call') calls.run(message);
    else if (message.type === 'inspect') send(openInspector());
    else if (message.type === 'cancel') calls.cancel(message.id);
  });
  const output = captureConsole(send);
  exitOnUncaught(send);
  const calls = createCalls(send, output);
  watchCalls();
  // A `load` that arrives in the meantime doesn't wait for it.
  warmUp().then(
    () => send({ type: 'up' }),
    (error: unknown) => output.write('error', [error]),
  );
}

/**
 * An argument says whether child spans are wanted. All that it takes is done before there is a plugin to load, which
 * doesn't see the argument. It changes nothing for the plugin, but that its requests get the header `traceparent`.
 */
function watchCalls(): void {
  const [wanted] = process.argv.splice(2);
  const mode = CHILD_SPAN_MODES.find((known) => known === wanted) ?? 'off';
  if (mode === 'off') return;
  watchFetch(mode);
  watchHttp(mode);
  watchMongodb();
}

/** Ends the process on an uncaught error, after reporting it. */
function exitOnUncaught(send: Send): void {
  process.on('uncaughtException', (error, origin) => {
    const what = origin === 'unhandledRejection' ? 'an unhandled rejection' : 'an uncaught error';
    send({ type: 'dying', reason: cut(`${what}: ${describeThrown(error)}${placeOf(error)}`) });
    process.exit(1);
  });
}

/** Opens this process to debuggers, on a free port of 127.0.0.1 only. */
function openInspector(): HostMessage {
  try {
    if (url() === undefined) open(0, '127.0.0.1');
    const { port, pathname } = new URL(url() ?? '');
    return { type: 'inspecting', port: Number(port), path: pathname };
  } catch (error) {
    return { type: 'not-inspecting', reason: cut(describeThrown(error)) };
  }
}

function load(bundle: string, entry: string, send: Send, use: (handler: Handler) => void): void {
  loadPlugin(bundle, entry).then(
    ({ handler, name }) => {
      use(handler);
      send({ type: 'loaded', handler: name });
    },
    (error: unknown) =>
      send({ type: 'load-failed', message: cut(describeThrown(error)), stack: stackOf(error) }),
  );
}

interface Calls {
  use(handler: Handler): void;
  run(call: CallMessage): void;
  cancel(id: number): void;
}
type CallMessage = Extract<RuntimeMessage, { type: 'call' }>;

function createCalls(send: Send, output: CapturedConsole): Calls {
  const cancels = new Map<number, AbortController>();
  let handler: Handler = () => {
    throw new Error('the plugin is not loaded yet');
  };
  const execute = async (json: string, tools: CallTools, call: CurrentCall): Promise<HostResult> => {
    try {
      const data = dropProtoKeys(JSON.parse(json) as JsonObject);
      if (typeof data.user_jwt === 'string' && data.user_jwt !== '') call.userJwt = data.user_jwt;
      return checkResult(await handler(data, tools));
    } catch (error) {
      // However it puts it: it ended because its signal was aborted.
      if (tools.signal.aborted) return { kind: 'cancelled' };
      return { kind: 'threw', message: cut(describeThrown(error)), stack: stackOf(error) };
    }
  };
  return {
    use: (loaded) => {
      handler = loaded;
    },
    run: ({ id, json, deadline, traceparent }) => {
      const cancel = new AbortController();
      cancels.set(id, cancel);
      const tools = {
        signal: cancel.signal,
        deadline,
        log: (...values: unknown[]) => output.write('log', values),
      };
      const call: CurrentCall = { id, traceparent, userJwt: null, children: new Children(id, send) };
      currentCall
        .run(call, () => execute(json, tools, call))
        .then((result) => {
          call.children.close();
          send({ type: 'result', id, result });
        })
        .finally(() => cancels.delete(id))
        .catch((error: unknown) => output.write('error', ['the result could not be sent:', error]));
    },
    cancel: (id) => {
      send({ type: 'cancelling', id });
      cancels.get(id)?.abort();
    },
  };
}

function stackOf(error: unknown): string {
  return error instanceof Error && typeof error.stack === 'string' ? cut(error.stack) : '';
}

/** The author's line that threw, as ` (logic.ts:3:9)`; empty if unknown. */
function placeOf(error: unknown): string {
  const place = firstPlace(stackOf(error));
  return place === null ? '' : ` (${place})`;
}

function cut(text: string): string {
  return text.slice(0, HOST_LIMITS.textLength);
}

main();
