import { dirname, join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { ChildSpanMode } from '../../../main/contract/child-span.ts';
import type { HostMessage, RuntimeMessage } from '../../../main/contract/host.ts';
import type { JsonObject } from '../../../main/contract/http.ts';
import type { Bundle } from '../../../main/hosts/call.ts';
import { PythonInterpreter } from '../../../main/hosts/python/interpreter.ts';
import { createPythonLauncher } from '../../../main/hosts/python/launcher.ts';
import { eventually, makeFolder } from '../../plugins/workspace.ts';
import { hostScripts } from '../../support/host-script.ts';

/** A plugin's Python process without a runtime. */

const interpreter = new PythonInterpreter('python3', process.env);
export const launcher = async (script = hostScripts.python) => {
  expect(await interpreter.check()).toBeNull();
  return createPythonLauncher({ script, interpreter, memoryLimitMb: 256 });
};

export async function writeModule(source: string, beside: Record<string, string> = {}): Promise<Bundle> {
  const root = await makeFolder({ ...beside, 'p/logic.py': source });
  return {
    kind: 'python',
    file: '',
    entry: join(root, 'p/logic.py'),
    python: { module: 'plugins.p.logic', root },
  };
}

interface BareOptions {
  readonly script?: string;
  /** Other files, by their path in the watched folder. */
  readonly beside?: Record<string, string>;
  readonly childSpans?: ChildSpanMode;
}

/** A bare process with a plugin loaded, and every message it sends. */
export async function startBare(source: string, options: BareOptions = {}) {
  const { script, beside, childSpans } = options;
  const { entry, python } = await writeModule(source, beside);
  const { child, channel } = (await launcher(script)).launch('');
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const messages: HostMessage[] = [];
  channel.onMessage((message) => messages.push(message as HostMessage));
  const send = (message: RuntimeMessage) => channel.send(message, () => undefined);
  send({ type: 'load', bundle: '', entry, childSpans, ...python });
  await eventually(() => messages.map(({ type }) => type)).toEqual(['up', 'loaded']);
  let lastId = 0;
  /** The result of one call, and the lines it wrote. */
  const call = async (data: JsonObject) => {
    lastId += 1;
    const id = lastId;
    send({ type: 'call', id, json: JSON.stringify(data), deadline: Date.now() + 10_000 });
    await eventually(() => messages.some((message) => message.type === 'result' && message.id === id)).toBe(
      true,
    );
    const found = messages.find((message) => message.type === 'result' && message.id === id);
    const lines = messages.flatMap((message) =>
      message.type === 'console' && message.id === id ? [[message.level, message.text] as const] : [],
    );
    return { result: found?.type === 'result' ? found.result : null, lines };
  };
  return { child, channel, messages, send, call, folder: dirname(entry) };
}
