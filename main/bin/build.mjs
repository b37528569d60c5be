/** Step 4: `out/` is built from the current sources. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { installed, projectRoot } from './project.mjs';
import { SetupProblem, timed } from './report.mjs';
import { runCommand } from './run-command.mjs';

const OUT = join(projectRoot, 'out');
const STAMP = join(OUT, '.built-from');
const RESULTS = [
  'main/index.cjs',
  'main/cli.cjs',
  'main/node-host.cjs',
  'main/python_host.py',
  'preload/preload.cjs',
  'renderer/index.html',
];
const SOURCES = ['main', 'renderer', 'electron.vite.config.ts', 'package.json', 'package-lock.json'];
/** These run unbuilt; the build contains none of them. */
const NOT_BUILT = join('main', 'bin') + sep;

/** Builds unless the last build used exactly these sources. @throws {SetupProblem} */
export async function ensureBuilt() {
  const sources = sourcesHash();
  if (isCurrent(sources)) return;
  await timed('building', async () => {
    rmSync(STAMP, { force: true });
    const { failure, stdout, stderr } = await runCommand(
      process.execPath,
      [installed('electron-vite', 'bin', 'electron-vite.js'), 'build', '--logLevel', 'warn'],
      { cwd: projectRoot, env: { ...process.env, NO_COLOR: '1' } },
    );
    const absent = RESULTS.filter((file) => !existsSync(join(OUT, file)));
    if (failure === null && absent.length === 0) return;
    throw new SetupProblem(
      'The build failed',
      failure === null ? `it did not create ${absent.join(', ')}` : withoutStack(stderr || stdout) || failure,
      'Correct the source it names, or run "npm run build" to see the whole output.',
    );
  });
  mkdirSync(OUT, { recursive: true });
  writeFileSync(STAMP, stampOf(sources));
}

function withoutStack(text) {
  return text.replace(/^\s+at .*\n?/gm, '').trim();
}

function isCurrent(sources) {
  const built = RESULTS.every((file) => existsSync(join(OUT, file)));
  return built && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stampOf(sources);
}

/** Includes the times of the results, since `npm run dev` and `npm run build` write to the same folder. */
function stampOf(sources) {
  const results = RESULTS.map((file) => {
    const { size, mtimeMs } = statSync(join(OUT, file));
    return `${file} ${size} ${mtimeMs}`;
  });
  return [sources, ...results].join('\n');
}

/**
 * Over names and contents, since a checkout changes every file time. About 30 ms for this project. Bytecode
 * that an interpreter left beside a source is none.
 */
function sourcesHash() {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap((source) => filesOf(join(projectRoot, source))).sort()) {
    const name = relative(projectRoot, file);
    if (name.startsWith(NOT_BUILT)) continue;
    hash.update(`${name}\0`).update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function filesOf(path) {
  if (!existsSync(path)) return [];
  let entries;
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path];
    throw error;
  }
  return entries.flatMap((entry) => {
    const full = join(path, entry.name);
    if (entry.isDirectory()) return entry.name === '__pycache__' ? [] : filesOf(full);
    return entry.isFile() ? [full] : [];
  });
}
