/**
 * The same plugins in both languages, for the one table of languages.test.ts. Each answers `{}` unless it is
 * asked otherwise.
 */

interface Pair {
  readonly javascript: string | Readonly<Record<string, string>>;
  readonly python: string | Readonly<Record<string, string>>;
}

const PLUGINS = {
  echo: {
    javascript: 'export const execute = async (data) => ({ seen: data });',
    python: 'async def execute(data):\n    return {"seen": data}\n',
  },
  plain: {
    javascript: 'export const execute = (data) => ({ seen: data.name });',
    python: 'def execute(data):\n    return {"seen": data["name"]}\n',
  },
  writes_numbers: {
    javascript: `export const execute = () => ({ b: 1.0, a: 'ü\\n', 2: 'two' });`,
    python: `def execute(data):
    return {"b": 1.0, "2": "two", "a": "ü\\n", "big": 12345678901234567890}
`,
  },
  runs: {
    javascript: 'export const run = () => ({ by: "run" });',
    python: 'async def run(data):\n    return {"by": "run"}\n',
  },
  backs: {
    javascript: { 'backend/logic.js': 'export const execute = () => ({ by: "backend" });' },
    python: { 'backend/logic.py': 'def execute(data):\n    return {"by": "backend"}\n' },
  },
  helped: {
    javascript: {
      'logic.js':
        'import { twice } from "./lib/numbers.js"; export const execute = ({ n }) => ({ n: twice(n) });',
      'lib/numbers.js': 'export const twice = (n) => n * 2;',
    },
    python: {
      '__init__.py': 'FACTOR = 2\n',
      'logic.py':
        'from .lib import numbers\ndef execute(data):\n    return {"n": numbers.twice(data["n"])}\n',
      'lib/numbers.py': 'from .. import FACTOR\ndef twice(n):\n    return n * FACTOR\n',
    },
  },
  own_error: {
    javascript: 'export const execute = ({ answer }) => answer;',
    python: 'def execute(data):\n    return data["answer"]\n',
  },
  returns: {
    javascript: `const cycle = { rows: [] }; cycle.rows.push(cycle);
      const values = { nothing: undefined, null: null, list: [1], text: 'text', number: 5, function: () => 1,
        object: { deep: [1n] }, callable: { f: () => 1 }, cycle, nan: { rows: [{ n: NaN }] }, infinity: { n: Infinity }, big: { text: 'x'.repeat(6_000_000) } };
      export const execute = ({ what }) => values[what];`,
    python: `cycle = {"rows": []}
cycle["rows"].append(cycle)
values = {"nothing": None, "null": None, "list": [1], "text": "text", "number": 5, "function": lambda: 1,
          "object": {"deep": [object()]}, "callable": {"f": len}, "cycle": cycle, "nan": {"rows": [{"n": float("nan")}]},
          "infinity": {"n": float("inf")}, "big": {"text": "x" * 6_000_000}}
async def execute(data):
    return values[data["what"]]
`,
  },
  raises: {
    javascript: `export const execute = async ({ how, user_jwt }) => {
  if (how === 'empty') throw new Error();
  if (how === 'token') throw new Error(user_jwt);
  throw new Error('went wrong');
};`,
    python: `async def execute(data):
    if data.get("how") == "empty":
        raise ValueError()
    raise ValueError(data["user_jwt"] if data.get("how") == "token" else "went wrong")
`,
  },
  raises_plainly: {
    javascript: `export const execute = () => {
  throw new Error('went wrong');
};`,
    python: 'def execute(data):\n    raise ValueError("went wrong")\n',
  },
  hangs: {
    javascript: `export const execute = async ({ how }) => {
      if (how === 'loop') for (;;);
      if (how === 'wait') await new Promise(() => {});
      if (how === 'block') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      if (how === 'regex') /^(a+)+$/.test('a'.repeat(40) + '!');
      return { pid: process.pid };
    };`,
    python: `import asyncio, os, re, time
async def execute(data):
    how = data.get("how")
    while how == "loop":
        pass
    if how == "wait":
        await asyncio.get_running_loop().create_future()
    if how == "block":
        time.sleep(60)
    if how == "regex":
        re.match(r"^(a+)+$", "a" * 40 + "!")
    return {"pid": os.getpid()}
`,
  },
  hangs_plainly: {
    javascript: 'export const execute = ({ how }) => { while (how === "loop"); return {}; };',
    python: `def execute(data):
    while data.get("how") == "loop":
        pass
    return {}
`,
  },
  dies: {
    javascript: `export const execute = async ({ how }) => {
      if (how === 'exit') process.exit(0);
      if (how === 'abort') process.abort();
      if (how === 'kill') { process.kill(process.pid, 'SIGKILL'); await new Promise(() => {}); }
      return {};
    };`,
    python: `import os, signal, sys, time
def execute(data):
    how = data.get("how")
    if how == "exit":
        sys.exit(0)
    if how == "abort":
        os.abort()
    if how == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(60)
    return {}
`,
  },
  overflows: {
    javascript: 'const down = (n) => down(n + 1) + 1; export const execute = () => ({ n: down(0) });',
    python: 'def down(n):\n    return down(n + 1) + 1\ndef execute(data):\n    return {"n": down(0)}\n',
  },
  starts: {
    javascript: `import { spawn } from 'node:child_process';
      export const execute = () => { console.log(String(spawn('sleep', ['300'], { stdio: 'inherit' }).pid)); return new Promise(() => {}); };`,
    python: `import subprocess, time
def execute(data):
    print(subprocess.Popen(["sleep", "300"]).pid)
    time.sleep(60)
`,
  },
  grows: {
    javascript:
      'export const execute = async ({ grow }) => { const hoard = []; while (grow) { hoard.push(Buffer.alloc(4_000_000, 1)); await new Promise((r) => setTimeout(r, 10)); } return {}; };',
    python: `import asyncio
async def execute(data):
    hoard = []
    while data.get("grow"):
        hoard.append(b"x" * 4_000_000)
        await asyncio.sleep(0.01)
    return {}
`,
  },
  writes: {
    javascript: `export const execute = ({ lines, user_jwt }) => {
      if (user_jwt) console.log(user_jwt);
      for (let n = 0; n < lines; n += 1) console.log('line', n);
      process.stdout.write('{"type":"result","id":1}\\n');
      console.warn('careful'); console.error('bad');
      return { done: true };
    };`,
    python: `import logging, sys
def execute(data):
    if "user_jwt" in data:
        print(data["user_jwt"])
    for n in range(data.get("lines", 0)):
        print("line", n)
    sys.stdout.write('{"type":"result","id":1}\\n')
    logging.getLogger("shop").warning("%s", "careful")
    print("bad", file=sys.stderr)
    return {"done": True}
`,
  },
  together: {
    javascript: `import { setTimeout as delay } from 'node:timers/promises';
      export const execute = async (data) => { console.log('a', data.user_id); await delay(20); console.log('b', data.user_id); return { user: data._context.user_id }; };`,
    python: `import asyncio
async def execute(data):
    print("a", data["user_id"])
    await asyncio.sleep(0.02)
    print("b", data["user_id"])
    return {"user": data["_context"]["user_id"]}
`,
  },
  together_plainly: {
    javascript:
      'export const execute = (data) => { console.log("a", data.user_id); console.log("b", data.user_id); return { user: data._context.user_id }; };',
    python: `import time
def execute(data):
    print("a", data["user_id"])
    time.sleep(0.02)
    print("b", data["user_id"])
    return {"user": data["_context"]["user_id"]}
`,
  },
  environment: {
    javascript: 'export const execute = () => ({ ...process.env });',
    python: 'import os\ndef execute(data):\n    return dict(os.environ)\n',
  },
  broken: {
    javascript: '// a comment\nexport const execute = ( => 1;',
    python: '# a comment\ndef execute(data:\n    return {}\n',
  },
  missing: {
    javascript: "import { x } from 'no-such-package';\nexport const execute = () => ({ x });",
    python: 'from no_such_package import x\ndef execute(data):\n    return {"x": x}\n',
  },
  empty: { javascript: 'export const other = () => 1;', python: 'def other():\n    return 1\n' },
  off: {
    javascript: { 'logic.js': 'export const execute = () => ({});', 'manifest.json': '{"enabled":false}' },
    python: { 'logic.py': 'def execute(data):\n    return {}\n', 'manifest.json': '{"enabled":false}' },
  },
} satisfies Readonly<Record<string, Pair>>;

/** Ways to hang, each of which gets a plugin of its own: they are tried at once. */
export const HANGS = ['loop', 'wait', 'block', 'regex'] as const;

export type LanguagePlugin = keyof typeof PLUGINS;
export type TestedLanguage = keyof Pair;

/** The files of every plugin in one language. */
export function pluginsIn(language: TestedLanguage): Record<string, Readonly<Record<string, string>>> {
  const file = language === 'python' ? 'logic.py' : 'logic.js';
  const filesOf = (pair: Pair) => {
    const source = pair[language];
    return typeof source === 'string' ? { [file]: source } : source;
  };
  const copies = HANGS.map((how) => [`hangs_${how}`, PLUGINS.hangs] as const);
  const all: (readonly [string, Pair])[] = [...Object.entries(PLUGINS), ...copies];
  return Object.fromEntries(all.map(([name, pair]) => [name, filesOf(pair)]));
}
