import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lineChannel } from '../../main/hosts/channel.ts';
import { bench, eventually } from '../plugins/workspace.ts';
import { returned } from '../support/returned.ts';

/**
 * P9: the bytes of the channel are the plugin's. Whatever it writes, to whichever descriptor, ends its own
 * process at worst: the runtime neither throws, nor fills its memory, nor keeps others waiting.
 */

const DESCRIPTORS = Array.from({ length: 28 }, (_, n) => n + 3);
const LINES = [
  'not json\n',
  '{"cmd":"NODE_HANDLE_ACK"}\n',
  '{"cmd":"NODE_HANDLE","type":"net.Socket"}\n',
  '{"type":"result","id":999,"result":{"kind":"returned","json":"{}"}}\n',
  '{"type":\n',
  'no line end',
];

const JAVASCRIPT = `import { writeSync } from 'node:fs';
export const execute = ({ fd, lines = [], megabytes = 0, send }) => {
  if (send) return { send: [typeof process.send, typeof process._send, typeof process.channel] };
  const written = [];
  for (const text of [...lines, ...Array(megabytes).fill('x'.repeat(1_000_000))]) {
    try { written.push(writeSync(fd, text)); } catch (error) { written.push(error.code); }
  }
  return { written: written.length };
};`;
const PYTHON = `import os
def execute(data):
    written = []
    for text in data.get("lines", []) + ["x" * 1_000_000] * data.get("megabytes", 0):
        try:
            written.append(os.write(data["fd"], text.encode()))
        except OSError as error:
            written.append(error.errno)
    return {"written": len(written)}
`;
/** As many as a message may name. */
const FORGED_FILES = 10_000;
const CALM = 'export const execute = () => ({ calm: true });';

it.each([
  ['JavaScript', { 'p/logic.js': JAVASCRIPT }],
  ['Python', { 'p/logic.py': PYTHON }],
])('P9: a plugin in %s writes to descriptors 3 to 30', async (_, plugin) => {
  const { call, engine, value } = await bench({ ...plugin, 'calm/logic.js': CALM });
  const ends = new Set<string>();
  for (const fd of DESCRIPTORS) {
    const { result } = await call('p', { fd, lines: LINES }, 5_000);
    ends.add(result.kind);
    // It may have written to its own event loop's descriptors, which ends it a moment later.
    await eventually(async () => {
      if (engine.get('p')?.status === 'quarantined') await engine.restart('p');
      return (await call('p', { fd: -1 })).result;
    }).toEqual(returned({ written: 0 }));
  }
  expect([...ends].filter((kind) => kind !== 'returned' && kind !== 'crashed')).toEqual([]);
  expect(await value('calm')).toEqual({ calm: true });
});

it.each([
  ['JavaScript', { 'p/logic.js': JAVASCRIPT }, [3, 4]],
  // Its channel is among these.
  ['Python', { 'p/logic.py': PYTHON }, [3, 4, 5, 6, 7, 8]],
])('P9: a plugin in %s writes 1.2 GB without a line end', async (_, plugin, descriptors) => {
  const { call, engine, value } = await bench({ ...plugin, 'calm/logic.js': CALM });
  await value('calm');
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 20);
  const reasons: string[] = [];
  for (const fd of descriptors) {
    const [{ result }, calm] = await Promise.all([
      call('p', { fd, megabytes: 1_200 }, 60_000),
      call('calm', {}, 20_000),
    ]);
    expect(calm.result).toEqual(returned({ calm: true }));
    if (result.kind === 'crashed') reasons.push(result.reason);
    if (engine.get('p')?.status === 'quarantined') await engine.restart('p');
    expect(await value('p', { fd: -1 })).toEqual({ written: 0 });
  }
  clearInterval(watch);
  expect(reasons).toContain('it wrote over 16 MB without a line end to its channel to the runtime');
  expect(most - before).toBeLessThan(128 * 1024 * 1024);
});

it("P9: a plugin finds nothing of Node's own channel", async () => {
  const { value } = await bench({ 'p/logic.js': JAVASCRIPT });
  expect(await value('p', { send: true })).toEqual({ send: ['undefined', 'undefined', 'undefined'] });
});

it('P16: reads little of the files that a forged message names', async () => {
  // Each message names other paths of the same 5 MB, and goes to every socket: the channel is among them.
  const source = `import json, os, stat
def execute(data):
    here = os.path.dirname(__file__)
    for n in range(data["messages"]):
        files = [here + "/./" * (1 + n % 7) + "./" * (k % 60) + "/" * (k // 60) + "/big.py" for k in range(data["files"])]
        line = "\\n" + json.dumps({"type": "files", "files": files, "hash": f"{n:012x}"}) + "\\n"
        for fd in range(3, 31):
            try:
                if stat.S_ISSOCK(os.fstat(fd).st_mode):
                    os.write(fd, line.encode())
            except OSError:
                pass
    return {"ok": True}
`;
  const { folder, value, engine } = await bench({ 'p/logic.py': source, 'calm/logic.js': CALM });
  await value('p', { messages: 0, files: 0 });
  await writeFile(join(folder, 'p/big.py'), Buffer.alloc(5_000_000, ' '));
  const before = process.memoryUsage().rss;
  expect(await value('p', { messages: 2, files: FORGED_FILES })).toEqual({ ok: true });
  // It was taken for the version's files: what follows is a reading of them.
  await eventually(() => engine.get('p')?.contentHash).toBe('000000000001');
  let most = before;
  for (let n = 0; n < 20; n += 1) {
    expect(await value('calm')).toEqual({ calm: true });
    most = Math.max(most, process.memoryUsage().rss);
  }
  expect(most - before).toBeLessThan(256 * 1024 * 1024);
});

/** A channel over streams of the test, and what came out of it. */
function openChannel(down: Writable = new PassThrough()) {
  const up = new PassThrough();
  const channel = lineChannel(down, up);
  const messages: unknown[] = [];
  const broken: string[] = [];
  channel.onMessage((message) => messages.push(message));
  channel.onBroken((reason) => broken.push(reason));
  const write = async (bytes: string | Uint8Array) => {
    up.write(bytes);
    await new Promise(setImmediate);
  };
  return { channel, up, messages, broken, write };
}

it('P9: takes messages whole in any pieces, and drops what is none', async () => {
  const line = JSON.stringify({ type: 'up', text: 'ü'.repeat(50) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.constant(Buffer.from(line))), { maxLength: 8 }),
      fc.integer({ min: 1, max: 40 }),
      async (parts, size) => {
        const { messages, broken, write } = openChannel();
        const bytes = Buffer.concat([...parts, Buffer.from(`\n${line}\n`)]);
        for (let at = 0; at < bytes.length; at += size) await write(bytes.subarray(at, at + size));
        expect(messages.at(-1)).toEqual(JSON.parse(line));
        expect(broken).toEqual([]);
      },
    ),
    { numRuns: 1_000 },
  );
});

it.each([
  ['nested lists', '['],
  ['objects', '{},'],
  ['numbers', '0,'],
  ['empty texts', '"",'],
])('P9: drops a line of 15 MB of %s without parsing it', async (_, part) => {
  const { messages, write } = openChannel();
  const hostile = Buffer.from(`{"type":"up","x":[${part.repeat(15_000_000 / part.length)}`);
  const cpu = process.cpuUsage();
  await write(hostile);
  await write('\n{"type":"up"}\n');
  const { user, system } = process.cpuUsage(cpu);
  expect(messages).toEqual([{ type: 'up' }]);
  // Parsing takes 0.5 to 4 s of it.
  expect((user + system) / 1000).toBeLessThan(400);
});

it('P9: gives up on a process that asks and never reads the answers', () => {
  const { channel, broken } = openChannel(new Writable({ write: () => undefined }));
  const value = 'x'.repeat(1024 * 1024);
  for (let id = 0; id < 80 && broken.length === 0; id += 1)
    channel.send({ type: 'reply', id, ok: true, value }, () => undefined);
  expect(broken).toEqual(['over 64 MB of answers wait for it, which it does not read']);
});
