import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, projectRoot, readJsonIfAny } from '../../main/bin/project.mjs';
import { runCommand } from '../../main/bin/run-command.mjs';
import { startServer } from './server-process.mjs';

/**
 * @typedef {object} Subject
 * @property {string} name
 * @property {string} url           what is asked
 * @property {'GET' | 'POST'} method
 * @property {string} file          what is saved
 * @property {(v: number) => string} source  a version that answers `{"v": v}`
 */

/**
 * JavaScript and TypeScript take the same spare process: the other one between them gives it time to be there
 * again.
 */
const LANGUAGES = [
  {
    name: 'JavaScript',
    file: 'logic.js',
    source: (v) => `export function execute() {\n  return { v: ${v} };\n}\n`,
  },
  { name: 'Python', file: 'logic.py', source: (v) => `async def execute(data):\n    return {"v": ${v}}\n` },
  {
    name: 'TypeScript',
    file: 'logic.ts',
    source: (v) => `export function execute(): { v: number } {\n  return { v: ${v} };\n}\n`,
  },
];

/**
 * The built workbench, headless, over a folder with one plugin a language. Those that don't run are in
 * `skipped`.
 */
export async function startWorkbench() {
  const folder = mkdtempSync(join(tmpdir(), 'bench-workbench-'));
  const plugins = join(folder, 'plugins');
  const all = LANGUAGES.map(({ name, file, source }) => {
    const plugin = name.toLowerCase();
    const path = join(plugins, plugin, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, source(0));
    return { name, file: path, source, method: 'POST', plugin };
  });
  const server = await startServer(
    join(projectRoot, 'out/main/cli.cjs'),
    ['serve', '--port', '0', '--plugins', plugins],
    { env: { ...process.env, XDG_CONFIG_HOME: join(folder, 'config') } },
  );
  const subjects = [];
  const skipped = [];
  for (const { plugin, ...subject } of all) {
    const url = `${server.url}/api/execute/${plugin}`;
    const answer = await fetch(url, { method: 'POST', body: '{}' });
    if (answer.ok) subjects.push({ ...subject, url });
    else skipped.push({ name: subject.name, reason: (await answer.json()).detail });
  }
  const stop = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { subjects, skipped, pid: server.pid, stop };
}

/**
 * Miniflare with one JavaScript worker, as the file `miniflare/server.mjs` runs it. It brings a binary of
 * more than 100 MB, so it is not a dependency of the project: this installs it into the user's cache, once.
 */
export async function startMiniflare() {
  const home = await installMiniflare();
  const folder = mkdtempSync(join(tmpdir(), 'bench-miniflare-'));
  const file = join(folder, 'worker.js');
  const source = (v) => `export default {\n  fetch() {\n    return Response.json({ v: ${v} });\n  },\n};\n`;
  writeFileSync(file, source(0));
  const server = await startServer(join(home, 'server.mjs'), [file], { cwd: home });
  const stop = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    subjects: [{ name: 'miniflare (JavaScript)', url: server.url, method: 'GET', file, source }],
    stop,
  };
}

async function installMiniflare() {
  const wanted = join(dirname(fileURLToPath(import.meta.url)), 'miniflare');
  const { version } = readJsonIfAny(join(wanted, 'package-lock.json')).packages['node_modules/miniflare'];
  const home = join(cacheFolder(), `bench-miniflare-${version}`);
  mkdirSync(home, { recursive: true });
  const installed = readJsonIfAny(join(home, 'node_modules/miniflare/package.json'))?.version;
  cpSync(wanted, home, { recursive: true });
  if (installed === version) return home;
  console.log(`installing miniflare ${version} (about 165 MB, once) …`);
  const { failure, stderr } = await runCommand('npm', ['ci', '--no-audit', '--no-fund'], { cwd: home });
  if (failure !== null) throw new Error(`npm ci could not install it: ${stderr.trim() || failure}`);
  return home;
}
