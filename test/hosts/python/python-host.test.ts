import { once } from 'node:events';
import { cp, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { HostProcess } from '../../../main/hosts/host-process.ts';
import { eventually, isRunning, makeFolder } from '../../plugins/workspace.ts';
import { hostScripts } from '../../support/host-script.ts';
import { launcher, startBare, writeModule } from './bare-process.ts';

/** A plugin's Python process: its channel, its calls and its end. */

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
    {
      script: join(own, 'python_host.py'),
      beside: { 'p/helper.py': 'VALUE = 1', 'p/late.py': 'VALUE = 2' },
    },
  );
  expect((await call({})).result).toEqual({ kind: 'returned', json: '{"helper":1,"late":2}' });
  const kept = (await readdir(join(own, '__pycache__'))).map((name) => name.split('.')[0]);
  expect(kept).toEqual(expect.arrayContaining(['mozaiks_host_loop', 'mozaiks_standins_small']));
  expect((await readdir(folder)).sort()).toEqual(['helper.py', 'late.py', 'logic.py']);
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

it('takes the import of the database’s driver for no block: production does that at its start', async () => {
  const folder = await makeFolder({
    'motor/__init__.py': '',
    'motor/motor_asyncio.py': `import time
time.sleep(0.6)
class AsyncIOMotorClient(dict):
    def __init__(self, uri, **options):
        self.update(MozaiksCore={"notes": []})
`,
  });
  const { messages, call } = await startBare(`import sys
from core.config.database import db
sys.path.insert(0, ${JSON.stringify(folder)})
async def execute(data):
    return {"notes": len(db["notes"])}
`);
  expect((await call({})).result).toEqual({ kind: 'returned', json: '{"notes":0}' });
  const [blocked = 0] = messages.flatMap((message) =>
    message.type === 'result' ? [message.blockedMs ?? 0] : [],
  );
  expect(blocked).toBeLessThan(400);
});

it('says which coroutines a call never awaited, each time and for that call alone', async () => {
  const { messages, call } = await startBare(`import asyncio
async def send_mail(to): pass
async def execute(data):
    await asyncio.sleep(0)
    if data["forgets"]:
        send_mail("ada")
        [send_mail(n) for n in range(50)]
    await send_mail("bob")
    return {}
`);
  for (const forgets of [true, false, true]) await call({ forgets });
  const told = messages.flatMap((message) => (message.type === 'result' ? [message.unawaited] : []));
  const both = ['send_mail (logic.py, line 6)', 'send_mail (logic.py, line 7)'];
  expect(told).toEqual([both, undefined, both]);
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
