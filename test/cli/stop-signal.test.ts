import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { eventually, isRunning } from '../plugins/workspace.ts';
import { projectRoot, temporaryFolder, writePlugin } from '../support/folders.ts';
import { hostScript } from '../support/host-script.ts';
import { hostileFiles, KINDS } from '../support/hostile-files.ts';

/** R6: SIGTERM ends `serve` within three seconds, whatever hangs, and nothing of it is left. */

/** The promise is 3 s; this machine may be busy with other tests. */
const LIMIT_MS = 4_500;

/** Beside the host script, where `esbuild`, which can't be bundled, is found. */
const script = join(dirname(hostScript), 'cli.cjs');

/** What Vite means by it: a file as text. */
const rawTexts: Plugin = {
  name: 'raw-texts',
  setup: ({ onLoad }) =>
    onLoad({ filter: /./, namespace: 'file' }, async ({ path, suffix }) =>
      suffix === '?raw' ? { contents: await readFile(path, 'utf8'), loader: 'text' } : null,
    ),
};

beforeAll(async () => {
  await build({
    entryPoints: [`${projectRoot}/main/cli.ts`],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['esbuild'],
    define: { 'import.meta.url': 'entryUrl' },
    banner: { js: "const entryUrl = require('node:url').pathToFileURL(__filename).href;" },
    plugins: [rawTexts],
    logLevel: 'warning',
  });
});

interface Serving {
  readonly child: ChildProcess;
  readonly baseUrl: string;
  readonly folder: string;
}

interface Circumstances {
  /** Run in the process before anything else. */
  readonly preload?: string;
  /** Shell commands that go before it, in a namespace of its own for users and mounts. */
  readonly inNamespace?: (folder: string) => string;
  prepare(plugins: string, folder: string): Promise<void>;
}

async function serve({ preload = '', inNamespace, prepare }: Circumstances): Promise<Serving> {
  const { path, remove } = await temporaryFolder('stop');
  onTestFinished(remove);
  const plugins = join(path, 'plugins');
  await mkdir(join(path, 'config'));
  await writePlugin(plugins, 'calm', 'export const execute = () => ({ ok: true });');
  await prepare(plugins, path);
  await writeFile(join(path, 'preload.cjs'), preload);
  const args = [script, 'serve', '--port', '0', '--no-ui', '--json', '--plugins', plugins];
  const command = ['--require', join(path, 'preload.cjs'), ...args];
  const [file, given] =
    inNamespace === undefined
      ? [process.execPath, command]
      : [
          'unshare',
          ['-Urm', 'sh', '-c', `${inNamespace(path)}; exec "$0" "$@"`, process.execPath, ...command],
        ];
  const env = { PATH: process.env.PATH, HOME: path, XDG_CONFIG_HOME: join(path, 'config') };
  const child = spawn(file, given, { cwd: path, env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stderr.resume();
  const [line] = await once(child.stdout, 'data');
  return { child, folder: path, baseUrl: JSON.parse(String(line)).url };
}

/** All processes below this one. */
function descendants(pid: number): number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const parents = rows.map((row) => row.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    parents.filter(([, above]) => above === parent).flatMap(([own = 0]) => [own, ...below(own)]);
  return below(pid);
}

async function expectEnd({
  child,
}: Serving): Promise<{ readonly code: number | null; readonly signal: string | null }> {
  const others = descendants(child.pid ?? 0);
  const exited = once(child, 'exit');
  const sentAt = performance.now();
  child.kill('SIGTERM');
  const [code, signal] = await exited;
  expect(performance.now() - sentAt).toBeLessThan(LIMIT_MS);
  expect(others.length).toBeGreaterThan(0);
  await eventually(async () => (await Promise.all(others.map(isRunning))).filter(Boolean)).toEqual([]);
  return { code, signal };
}

it('R6: ends while nothing hangs, with 0', async () => {
  expect(await expectEnd(await serve({ prepare: async () => undefined }))).toEqual({ code: 0, signal: null });
});

it('R6: ends over a folder full of FIFOs, sockets and devices', async () => {
  const serving = await serve({
    async prepare(plugins, folder) {
      const hostile = await hostileFiles(folder, onTestFinished);
      for (const kind of KINDS) {
        await writePlugin(plugins, `m-${kind}`, `import 'm';`);
        await hostile.put(kind, join(plugins, `m-${kind}`, 'node_modules/m/index.js'));
        await hostile.put(kind, join(plugins, `m-${kind}`, 'manifest.json'));
      }
    },
  });
  expect(await expectEnd(serving)).toEqual({ code: 0, signal: null });
});

it('R6: ends while every thread for files hangs, by a signal where Node’s own exit would wait', async () => {
  const serving = await serve({
    preload: `process.on('SIGUSR2', () => { for (let n = 0; n < 8; n += 1) require('node:fs').open(__dirname + '/fifo', 'r', () => {}); console.log('hangs'); });`,
    prepare: async (_, folder) => void execFileSync('mkfifo', [join(folder, 'fifo')]),
  });
  const said = once(serving.child.stdout ?? serving.child, 'data');
  serving.child.kill('SIGUSR2');
  await said;
  expect(await expectEnd(serving)).toEqual({ code: null, signal: 'SIGKILL' });
});

it('R6: ends while calls hang and clients take no answer', async () => {
  const serving = await serve({
    async prepare(plugins) {
      await writePlugin(plugins, 'hangs', 'console.log("in"); export const execute = () => { for (;;); };');
      await writePlugin(plugins, 'large', 'export const execute = () => ({ text: "x".repeat(4_000_000) });');
    },
  });
  const { port } = new URL(serving.baseUrl);
  const ask = (plugin: string) =>
    `POST /api/execute/${plugin} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 2\r\n\r\n{}`;
  for (const plugin of ['hangs', ...Array.from({ length: 8 }, () => 'large')]) {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(ask(plugin)));
    socket.on('error', () => undefined).pause();
    onTestFinished(() => void socket.destroy());
  }
  await eventually(
    async () => (await fetch(`${serving.baseUrl}/api/execute/calm`, { method: 'POST', body: '{}' })).status,
  ).toBe(200);
  expect(await expectEnd(serving)).toEqual({ code: 0, signal: null });
});

it.runIf(spawnSync('unshare', ['-Urm', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt']).status === 0)(
  'R6: ends on a full disk',
  async () => {
    const serving = await serve({
      inNamespace: (folder) => `mount -t tmpfs -o size=1m tmpfs ${folder}/config`,
      async prepare(plugins, folder) {
        const fill = `require('node:child_process').execSync('cat /dev/zero > ${folder}/config/filler || true')`;
        await writePlugin(plugins, 'fill', `export const execute = () => { ${fill}; return {}; };`);
      },
    });
    for (const plugin of ['fill', 'calm']) {
      const { status } = await fetch(`${serving.baseUrl}/api/execute/${plugin}`, {
        method: 'POST',
        body: '{}',
      });
      expect(status).toBe(200);
    }
    expect(await expectEnd(serving)).toEqual({ code: 0, signal: null });
  },
);
