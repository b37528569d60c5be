import { once } from 'node:events';
import { cp, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
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
const launcher = async (script = hostScripts.python) => {
  expect(await interpreter.check()).toBeNull();
  return createPythonLauncher({ script, interpreter, memoryLimitMb: 256 });
};

async function writeModule(source: string, beside: Record<string, string> = {}): Promise<Bundle> {
  const root = await makeFolder({ ...beside, 'p/logic.py': source });
  return {
    kind: 'python',
    file: '',
    entry: join(root, 'p/logic.py'),
    python: { module: 'plugins.p.logic', root },
  };
}

/** A bare process with a plugin loaded, and every message it sends. */
async function startBare(source: string, script?: string, beside?: Record<string, string>) {
  const { entry, python } = await writeModule(source, beside);
  const { child, channel } = (await launcher(script)).launch('');
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

it('keeps its channel whatever the plugin and its children write', async () => {
  const { call } = await startBare(`import os, subprocess, sys
def execute(data):
    forged = b'{"type":"result","id":1,"result":{"kind":"returned","json":"{}"}}\\n'
    os.write(1, forged)
    os.system("echo '" + forged.decode().strip() + "'")
    subprocess.run([sys.executable, "-c", f"print({forged!r}.decode())"])
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

it('keeps the bytecode of its own files, whenever they are loaded, and none of a plugin', async () => {
  const own = await makeFolder({});
  await cp(dirname(hostScripts.python), own, {
    recursive: true,
    filter: (source) => basename(source) !== '__pycache__',
  });
  const { call, folder } = await startBare(
    `from plugins.p import helper
from core.state_manager import state_manager
def execute(data):
    from plugins.p import late
    return {"helper": helper.VALUE, "late": late.VALUE}
`,
    join(own, 'python_host.py'),
    { 'p/helper.py': 'VALUE = 1', 'p/late.py': 'VALUE = 2' },
  );
  expect((await call({})).result).toEqual({ kind: 'returned', json: '{"helper":1,"late":2}' });
  const kept = (await readdir(join(own, '__pycache__'))).map((name) => name.split('.')[0]);
  expect(kept).toEqual(expect.arrayContaining(['mozaiks_host_loop', 'mozaiks_standins_small']));
  expect((await readdir(folder)).sort()).toEqual(['helper.py', 'late.py', 'logic.py']);
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
    "time": {"rows": [{"when": datetime.datetime(2026, 1, 1)}, {"ratio": 1j}]},
    "set": {"tags": {1}},
    "price": {"price": decimal.Decimal("1")},
    "bytes": {"a": {"b": b"\\xff"}},
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
  expect(await settled('time')).toBe('it holds a complex at rows[1].ratio');
  expect(await settled('set')).toEqual({ tags: [1] });
  expect(await settled('price')).toEqual({ price: 1 });
  expect(await settled('bytes')).toBe('it holds a bytes at a.b');
  expect(await settled('key')).toBe('it holds a tuple as a key at a');
  expect(await settled('half')).toContain('lone surrogate');
  expect(await settled('generator')).toBe('it returned a generator, not a dict');
  expect(await settled('deep')).toContain('nesting that is too deep');
});

it('encodes models of pydantic by alias, and says what vanishes or is otherwise in production', async () => {
  // The interpreter need not have pydantic: what the host asks of a model is all that these have.
  const { call } = await startBare(`import sys, types
sys.modules["pydantic"] = types.ModuleType("pydantic")
class Two:
    model_fields = {}
    def model_dump(self, mode, by_alias):
        return {"mode": mode, "by_alias": by_alias}
class One:
    __fields__ = {}
    def dict(self, by_alias):
        return {"by_alias": by_alias, "tags": {1}}
values = {"two": Two(), "one": One(), "hidden": {"_sa_state": 1, "kept": 2}}
async def execute(data):
    return {"rows": [values[data["what"]]]}
`);
  const two = (await call({ what: 'two' })).result;
  expect(two).toEqual({ kind: 'returned', json: '{"rows":[{"mode":"json","by_alias":true}]}' });
  expect((await call({ what: 'one' })).result).toEqual({
    kind: 'returned',
    json: '{"rows":[{"by_alias":true,"tags":[1]}]}',
    differs: ['pydantic-1'],
  });
  expect(await call({ what: 'hidden' })).toEqual({
    result: { kind: 'returned', json: '{"rows":[{"kept":2}]}' },
    lines: [['warn', "left out of the result, as in production: '_sa_state' (keys that start with _sa)"]],
  });
});

it('runs plain functions on the event loop, as production does', async () => {
  const { call } = await startBare(`import asyncio, threading
done = []
async def later(value):
    done.append(value)
    return {"by": value}
def execute(data):
    how = data["how"]
    if how == "task":
        asyncio.get_running_loop().create_task(later("task"))
        return {"thread": threading.current_thread() is threading.main_thread()}
    if how == "run":
        return asyncio.run(later("run"))
    if how == "stop":
        raise StopIteration("end")
    if how == "done":
        return {"done": done}
    return later("coroutine")
`);
  const results = [];
  for (const how of ['task', 'run', 'stop', 'coroutine', 'done']) results.push((await call({ how })).result);
  expect(results).toEqual([
    { kind: 'returned', json: '{"thread":true}' },
    {
      kind: 'threw',
      message: 'asyncio.run() cannot be called from a running event loop',
      stack: expect.any(String),
    },
    { kind: 'threw', message: 'end', stack: expect.stringContaining('StopIteration: end') },
    { kind: 'returned', json: '{"by":"coroutine"}', differs: ['awaited'] },
    { kind: 'returned', json: '{"done":["task","coroutine"]}' },
  ]);
});

it('says how long a call held the event loop, for that call alone', async () => {
  const { messages, send } = await startBare(`import asyncio, time
async def execute(data):
    for _ in range(data["times"]):
        time.sleep(0.1)
        await asyncio.sleep(0)
    return {}
`);
  for (const [id, times] of [0, 2].entries())
    send({ type: 'call', id, json: JSON.stringify({ times }), deadline: Date.now() + 9_000 });
  await eventually(() => messages.filter(({ type }) => type === 'result').length).toBe(2);
  const blocked = new Map(
    messages.flatMap((message) => (message.type === 'result' ? [[message.id, message.blockedMs]] : [])),
  );
  expect(blocked.get(0)).toBeUndefined();
  expect(blocked.get(1)).toBeGreaterThanOrEqual(200);
});

it('cancels an async call when it is told to: its finally runs', async () => {
  const { messages, send } = await startBare(`import asyncio
async def execute(data):
    try:
        print("waiting")
        await asyncio.sleep(60)
    finally:
        print("tidied up")
`);
  const texts = () => messages.flatMap((message) => (message.type === 'console' ? [message.text] : []));
  send({ type: 'call', id: 7, json: '{}', deadline: Date.now() + 60_000 });
  await eventually(texts).toEqual(['waiting']);
  send({ type: 'cancel', id: 7 });
  await eventually(() => messages.at(-1)).toMatchObject({ type: 'result', id: 7 });
  expect(messages.slice(3)).toMatchObject([
    { type: 'cancelling', id: 7 },
    { type: 'console', text: 'tidied up' },
    { type: 'result', id: 7, result: { kind: 'cancelled' } },
  ]);
  // One that has not even begun.
  send({ type: 'call', id: 8, json: '{}', deadline: Date.now() + 60_000 });
  send({ type: 'cancel', id: 8 });
  await eventually(() => messages.at(-1)).toMatchObject({ id: 8, result: { kind: 'cancelled' } });
});

it('ends, with what it started, when the runtime is gone, even in a busy loop', async () => {
  const { child, messages, send } = await startBare(`import subprocess
def execute(data):
    print(subprocess.Popen(["sleep", "300"]).pid)
    while True:
        pass
`);
  send({ type: 'call', id: 1, json: '{}', deadline: Date.now() + 60_000 });
  const line = () =>
    messages.flatMap((message) => (message.type === 'console' ? [Number(message.text)] : []))[0];
  await eventually(line).toBeGreaterThan(0);
  const pid = line() ?? 0;
  child.stdin?.destroy();
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
    const host = new HostProcess(await launcher(), '');
    onTestFinished(() => host.kill('stopping'));
    const bundle = await writeModule(`import os, signal, sys\n${kind} execute(data):\n    ${statement}\n`);
    expect(await host.load(bundle)).toMatchObject({ ok: true, sources: { files: [bundle.entry] } });
    const call = { json: '{}', timeoutMs: 10_000, signal: new AbortController().signal };
    expect((await host.call(call)).outcome).toEqual({ kind: 'crashed', reason });
    expect(await host.exited).toMatchObject({ crash: true, killed: null });
  }
});

it('ends a process that sends an endless line', async () => {
  const host = new HostProcess(await launcher(), '');
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
  const call = { json: '{}', timeoutMs: 10_000, signal: new AbortController().signal };
  expect((await host.call(call)).outcome).toMatchObject({ kind: 'crashed' });
});
