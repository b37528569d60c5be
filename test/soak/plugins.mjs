/**
 * The plugins of the soak: three that are edited, and in each language one that fails, one that hangs and one that
 * dies as asked. That is one more than may have a process at once, so they are parked again and again.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Characters of the answer that slow readers take. */
export const BIG = 1_000_000;

const JS_ANSWER = (v) => `{ v: ${v}, echo: data.n, user: data.user_id }`;

/** `file` is what is edited; `source(v)` answers with `v`. */
export const EDITED = [
  {
    plugin: 'edited_js',
    file: 'logic.js',
    source: (v) => `export const execute = (data) => (${JS_ANSWER(v)});\n`,
    broken: 'export const execute = (data => {\n',
  },
  {
    plugin: 'edited_ts',
    file: 'helper.ts',
    source: (v) => `export const version: number = ${v};\n`,
    broken: 'export const version: number = = 1;\n',
    others: {
      'logic.ts': `import { version } from './helper.ts';\nexport const execute = (data: { n: number; user_id: string }) => (${JS_ANSWER('version')});\n`,
    },
  },
  {
    plugin: 'edited_py',
    file: 'logic.py',
    source: (v) =>
      `async def execute(data):\n    return {"v": ${v}, "echo": data["n"], "user": data["user_id"]}\n`,
    broken: 'async def execute(data):\n    return {\n',
  },
];

/** None of these loses its process. */
const CALM_JS = `
import { setTimeout as delay } from 'node:timers/promises';

export async function execute(data, { signal }) {
  if (data.do === 'throw') throw new Error('thrown ' + data.n);
  if (data.do === 'error') return { error: 'returned ' + data.n, error_code: 'OWN_CODE' };
  if (data.do === 'invalid') return { n: BigInt(data.n) };
  if (data.do === 'big') return { big: 'x'.repeat(${BIG}), echo: data.n };
  if (data.do === 'wait') await delay(500, undefined, { signal });
  if (data.do === 'print') for (let n = 0; n < 300; n += 1) console.log('line ' + n + ' of ' + data.n);
  return ${JS_ANSWER(0)};
}
`;
const CALM_PY = `
import asyncio


async def execute(data):
    what = data.get("do")
    if what == "throw":
        raise ValueError(f"thrown {data['n']}")
    if what == "error":
        return {"error": f"returned {data['n']}", "error_code": "OWN_CODE"}
    if what == "invalid":
        return {"n": {(1, 2): 3}}
    if what == "big":
        return {"big": "x" * ${BIG}, "echo": data["n"]}
    if what == "wait":
        await asyncio.sleep(0.5)
    if what == "print":
        for n in range(300):
            print(f"line {n} of {data['n']}")
    return {"v": 0, "echo": data["n"], "user": data["user_id"]}
`;
/** Each misdeed also starts a process that would outlive it. They wait rather than compute: the machine is shared. */
const ROUGH_JS = `
import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';

export function execute(data) {
  if (data.do !== undefined) spawn('sleep', ['600'], { stdio: 'ignore', detached: data.n % 2 === 0 });
  if (data.do === 'block') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  if (data.do === 'never') return new Promise(() => undefined);
  if (data.do === 'exit') process.exit(3);
  if (data.do === 'kill') process.kill(process.pid, 'SIGKILL');
  if (data.do === 'later') setTimeout(() => { throw new Error('later'); });
  if (data.do === 'garbage') for (let fd = 3; fd < 20; fd += 1) try { writeSync(fd, 'garbage\\n'); } catch { /* not open */ }
  if (data.do === 'later') return new Promise(() => undefined);
  return ${JS_ANSWER(0)};
}
`;
const ROUGH_PY = `
import asyncio
import os
import subprocess
import time


async def execute(data):
    what = data.get("do")
    if what is not None:
        subprocess.Popen(["sleep", "600"], start_new_session=data["n"] % 2 == 0)
    if what == "block":
        time.sleep(600)
    if what == "never":
        await asyncio.sleep(600)
    if what == "exit":
        os._exit(3)
    if what == "later":
        asyncio.get_running_loop().call_later(0.1, os.abort)
        await asyncio.sleep(600)
    if what == "kill":
        os.kill(os.getpid(), 9)
    if what == "garbage":
        for fd in range(3, 20):
            try:
                os.write(fd, b"garbage\\n")
            except OSError:
                pass
    return {"v": 0, "echo": data["n"], "user": data["user_id"]}
`;

/** The others by language; a plugin that hangs or dies takes the other calls of its process with it. */
const OTHERS = [
  { plugin: 'calm_js', file: 'logic.js', text: CALM_JS },
  { plugin: 'hanging_js', file: 'logic.js', text: ROUGH_JS },
  { plugin: 'dying_js', file: 'logic.js', text: ROUGH_JS },
  { plugin: 'calm_py', file: 'logic.py', text: CALM_PY },
  { plugin: 'hanging_py', file: 'logic.py', text: ROUGH_PY },
  { plugin: 'dying_py', file: 'logic.py', text: ROUGH_PY },
];

export function writePlugins(folder) {
  for (const { plugin, file, source, others = {} } of EDITED) {
    for (const [name, text] of Object.entries(others)) save(join(folder, plugin), name, text);
    save(join(folder, plugin), file, source(0));
  }
  for (const { plugin, file, text } of OTHERS) save(join(folder, plugin), file, text);
}

/** As editors save: in place, or as a new file that takes the old one's place. */
export function save(folder, name, text, { atomic = false } = {}) {
  mkdirSync(folder, { recursive: true });
  if (!atomic) return writeFileSync(join(folder, name), text);
  const other = join(folder, `.${name}.saving`);
  writeFileSync(other, text);
  renameSync(other, join(folder, name));
}
