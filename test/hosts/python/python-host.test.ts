import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { HOST_LIMITS, type HostMessage, type RuntimeMessage } from '../../../main/contract/host.ts';
import type { JsonObject } from '../../../main/contract/http.ts';
import type { Bundle } from '../../../main/hosts/call.ts';
import { HostProcess } from '../../../main/hosts/host-process.ts';
import { PythonInterpreter } from '../../../main/hosts/python/interpreter.ts';
import { createPythonLauncher } from '../../../main/hosts/python/launcher.ts';
import { eventually, isRunning, makeFolder } from '../../plugins/workspace.ts';
import { hostScripts } from '../../support/host-script.ts';

const interpreter = new PythonInterpreter('python3', process.env);
const launcher = async () => {
  expect(await interpreter.check()).toBeNull();
  return createPythonLauncher({ script: hostScripts.python, interpreter, memoryLimitMb: 256 });
};

async function writeModule(source: string): Promise<Bundle> {
  const root = await makeFolder({ 'p/logic.py': source });
  return {
    kind: 'python',
    file: '',
    entry: join(root, 'p/logic.py'),
    python: { module: 'plugins.p.logic', root },
  };
}

/** A bare process with a plugin loaded, and every message it sends. */
async function startBare(source: string) {
  const { entry, python } = await writeModule(source);
  const { child, channel } = (await launcher()).launch();
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const messages: HostMessage[] = [];
  channel.onMessage((message) => messages.push(message as HostMessage));
  const send = (message: RuntimeMessage) => channel.send(message, () => undefined);
  send({ type: 'load', bundle: '', entry, ...python });
  await eventually(() => messages.map(({ type }) => type)).toEqual(['up', 'loaded']);
  let lastId = 0;
  /** The result of one call, and the lines it wrote. */
  const call = async (data: JsonObject) => {
    lastId += 1;
    const id = lastId;
    send({ type: 'call', id, data, deadline: Date.now() + 10_000 });
    await eventually(() => messages.some((message) => message.type === 'result' && message.id === id)).toBe(
      true,
    );
    const found = messages.find((message) => message.type === 'result' && message.id === id);
    const lines = messages.flatMap((message) =>
      message.type === 'console' && message.id === id ? [[message.level, message.text] as const] : [],
    );
    return { result: found?.type === 'result' ? found.result : null, lines };
  };
  return { child, channel, messages, send, call };
}

it('keeps its channel whatever the plugin and its children write', async () => {
  const { call } = await startBare(`import os, subprocess, sys
def execute(data):
    forged = b'{"type":"result","id":1,"result":{"kind":"returned","json":"{}"}}\\n'
    os.write(1, forged)
    os.system("echo '" + forged.decode().strip() + "'")
    subprocess.run([sys.executable, "-c", "import os; print(os.path.exists('/proc/self/fd/3'))"])
    for fd in range(3, 10):
        try:
            os.fstat(fd)
        except OSError:
            continue
        if fd in os_inherited():
            return {"inherited": fd}
    sys.__stdout__.write("to nobody")
    return {"ok": True}

def os_inherited():
    import os
    return [fd for fd in range(3, 64) if _inheritable(fd)]

def _inheritable(fd):
    import os
    try:
        return os.get_inheritable(fd)
    except OSError:
        return False
`);
  expect((await call({})).result).toEqual({ kind: 'returned', json: '{"ok":true}' });
});

it('distinguishes the levels of what is written, finishes unfinished lines, and accepts bytes', async () => {
  const { call } = await startBare(`import logging, sys, warnings
logger = logging.getLogger("shop")
def execute(data):
    print("one", 2, sep="-", end="")
    print("!")
    print("a\\nb")
    logger.debug("never seen: production logs from INFO on")
    logger.info("info %d", 1)
    logger.error("bad")
    warnings.warn("old", DeprecationWarning)
    warnings.warn("careful")
    sys.stdout.reconfigure(encoding="utf-8", line_buffering=True)
    sys.stdout.buffer.write(b"bytes \\xc3\\xbc\\n")
    sys.stderr.write("half")
    try:
        1 / 0
    except ZeroDivisionError:
        logger.exception("failed")
    print("unfinished", end="")
    return {}
`);
  const { lines } = await call({});
  expect(lines.slice(0, 7)).toEqual([
    ['log', 'one-2!'],
    ['log', 'a'],
    ['log', 'b'],
    ['info', 'info 1'],
    ['error', 'bad'],
    ['warn', 'UserWarning: careful (logic.py, line 11)'],
    ['log', 'bytes ü'],
  ]);
  expect(lines[7]).toEqual(['error', expect.stringMatching(/^failed\nTraceback[\s\S]*ZeroDivisionError/)]);
  expect(lines.slice(8)).toEqual([
    ['log', 'unfinished'],
    ['error', 'half'],
  ]);
});

it('sends no more lines of a call than the limit and one marker', async () => {
  const { call } = await startBare(
    'def execute(data):\n    print("x" * data["wide"])\n    for n in range(data["n"]):\n        print(n)\n    return {}\n',
  );
  expect((await call({ n: 20_000, wide: 1 })).lines).toHaveLength(HOST_LIMITS.consoleLines + 1);
  const wide = (await call({ n: 2, wide: 1_000_000 })).lines;
  expect(wide).toHaveLength(2);
  expect(wide[1]?.[1]).toContain('output cut');
  expect((await call({ n: 1, wide: 3 })).lines.map(([, text]) => text)).toEqual(['xxx', '0']);
});

it('accepts results with any characters and up to the limit, and says what is wrong with the others', async () => {
  const { call } = await startBare(`import datetime, decimal, enum
class Colour(enum.IntEnum):
    RED = 1
class Own(dict):
    pass
values = {
    "text": {"t": "ü😀 \\u2028 \\\\ \\" \\x00"},
    "wide": {"t": "😀" * 1_000_000},
    "enum": {"c": Colour.RED, 1: (1, 2), "own": Own(a=True)},
    "time": {"rows": [{"when": datetime.datetime(2026, 1, 1)}]},
    "set": {"tags": {1}},
    "price": {"price": decimal.Decimal("1")},
    "bytes": {"a": {"b": b"x"}},
    "key": {"a": {(1, 2): 3}},
    "half": {"t": "\\ud800"},
    "generator": (n for n in range(3)),
}
deep = values["deep"] = {}
for n in range(50_000):
    deep["o"] = deep = {}
def execute(data):
    return values[data["what"]]
`);
  const settled = async (what: string) => {
    const { result } = await call({ what });
    if (result?.kind === 'returned') return JSON.parse(result.json);
    return result?.kind === 'invalid' ? result.reason : result;
  };
  expect(await settled('text')).toEqual({ t: 'ü😀 \u2028 \\ " \x00' });
  expect((await settled('wide')).t).toHaveLength(2_000_000);
  expect(await settled('enum')).toEqual({ c: 1, 1: [1, 2], own: { a: true } });
  expect(await settled('time')).toBe('it holds a datetime at rows[0].when');
  expect(await settled('set')).toBe('it holds a set at tags');
  expect(await settled('price')).toBe('it holds a Decimal at price');
  expect(await settled('bytes')).toBe('it holds a bytes at a.b');
  expect(await settled('key')).toBe('it holds a tuple as a key at a');
  expect(await settled('half')).toContain('lone surrogate');
  expect(await settled('generator')).toBe('it returned a generator, not a dict');
  expect(await settled('deep')).toContain('nesting that is too deep');
});

it('runs sync calls in threads and async ones beside each other, also those that give way to neither', async () => {
  const { messages, send } = await startBare(`import asyncio, threading
both = threading.Barrier(2, timeout=5)
async def wait(data):
    await asyncio.get_running_loop().run_in_executor(None, both.wait)
    return {"by": "coroutine"}
def execute(data):
    if data["how"] == "coroutine":
        return wait(data)
    if data["how"] == "stop":
        raise StopIteration("end")
    both.wait()
    return {"by": "thread"}
`);
  const ask = (id: number, how: string) =>
    send({ type: 'call', id, data: { how }, deadline: Date.now() + 9_000 });
  ask(1, 'thread');
  ask(2, 'coroutine');
  ask(3, 'stop');
  await eventually(() => messages.filter(({ type }) => type === 'result').length).toBe(3);
  const results = messages.flatMap((message) => (message.type === 'result' ? [message] : []));
  expect(new Map(results.map(({ id, result }) => [id, result]))).toEqual(
    new Map<number, unknown>([
      [1, { kind: 'returned', json: '{"by":"thread"}' }],
      [2, { kind: 'returned', json: '{"by":"coroutine"}' }],
      [3, { kind: 'threw', message: 'end', stack: expect.stringContaining('StopIteration: end') }],
    ]),
  );
});

it('cancels an async call when its caller has left', async () => {
  const { messages, send } = await startBare(`import asyncio
async def execute(data):
    try:
        await asyncio.sleep(60)
    finally:
        print("tidied up")
`);
  send({ type: 'call', id: 7, data: {}, deadline: Date.now() + 60_000 });
  send({ type: 'cancel', id: 7 });
  await eventually(() => messages.at(-1)).toMatchObject({ type: 'result', id: 7, result: { kind: 'threw' } });
});

it('ends, with what it started, when the runtime is gone, even in a busy loop', async () => {
  const { child, channel, messages, send } = await startBare(`import subprocess
def execute(data):
    print(subprocess.Popen(["sleep", "300"]).pid)
    while True:
        pass
`);
  send({ type: 'call', id: 1, data: {}, deadline: Date.now() + 60_000 });
  const line = () =>
    messages.flatMap((message) => (message.type === 'console' ? [Number(message.text)] : []))[0];
  await eventually(line).toBeGreaterThan(0);
  const pid = line() ?? 0;
  expect(channel).toBeDefined();
  child.stdio[3]?.destroy();
  await once(child, 'exit');
  await eventually(() => isRunning(pid)).toBe(false);
});

it.each([
  ['sys.exit(3)', 'it called sys.exit(3)'],
  ['sys.exit("no more")', "it called sys.exit('no more')"],
  ['os._exit(4)', 'its process ended by itself with exit code 4'],
  ['os.kill(os.getpid(), signal.SIGSEGV)', 'its process was ended by the signal SIGSEGV'],
  ['raise KeyboardInterrupt', 'it raised KeyboardInterrupt'],
])('treats %s as a crash, and reports its reason', async (statement, reason) => {
  for (const kind of ['def', 'async def']) {
    const host = new HostProcess(await launcher());
    onTestFinished(() => host.kill('stopping'));
    const bundle = await writeModule(`import os, signal, sys\n${kind} execute(data):\n    ${statement}\n`);
    expect(await host.load(bundle)).toMatchObject({ ok: true, sources: { files: [bundle.entry] } });
    const call = { data: {}, deadline: Date.now() + 10_000, signal: new AbortController().signal };
    expect((await host.call(call)).outcome).toEqual({ kind: 'crashed', reason });
    expect(await host.exited).toMatchObject({ crash: true, killed: null });
  }
});

it('ends a process that sends an endless line', async () => {
  const host = new HostProcess(await launcher());
  onTestFinished(() => host.kill('stopping'));
  // What no plugin does by accident: it looks for the channel and writes to it.
  const source = `import os
def execute(data):
    for fd in range(3, 32):
        try:
            if os.readlink(f"/proc/self/fd/{fd}").startswith("socket") and not os.get_inheritable(fd):
                for _ in range(40):
                    os.write(fd, b"x" * 1_000_000)
        except OSError:
            pass
    return {}
`;
  expect(await host.load(await writeModule(source))).toMatchObject({ ok: true });
  const call = { data: {}, deadline: Date.now() + 10_000, signal: new AbortController().signal };
  expect((await host.call(call)).outcome).toMatchObject({ kind: 'crashed' });
});
