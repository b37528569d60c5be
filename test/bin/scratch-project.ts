import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A project in a temporary folder that holds the real scripts of `main/bin` and `test/runner` and stand-ins
 * for everything they call, so that each script runs as a real process with a home, a cache and a PATH of its
 * own. The stand-ins write what they were called with to `calls`.
 */
export interface ScratchProject {
  readonly root: string;
  readonly cache: string;
  /** Runs `node <script> <args>`, a bare name in `main/bin`; `env` is added to the project's own. */
  run(script: string, args?: readonly string[], env?: Readonly<Record<string, string>>): Promise<Outcome>;
  environment(extra?: Readonly<Record<string, string>>): Record<string, string>;
  write(path: string, text: string): string;
  /** A program on PATH, before the machine's own. */
  tool(name: string, script: string): string;
  read(path: string): string;
  /** One line a call of a stand-in, in order. */
  calls(): string[];
  report(
    purpose: string,
  ): { electron: { source: string; version: string; notice: string } | null } & Record<string, unknown>;
}

const PROJECT = resolve(import.meta.dirname, '../..');
const SCRIPTS = ['main/bin', 'test/runner'];

export function createScratchProject(): ScratchProject {
  const folder = mkdtempSync(join(tmpdir(), 'workbench-bin-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  // nobody (see `asNobody` in the tests) must be able to walk in.
  chmodSync(folder, 0o755);
  const root = join(folder, 'project');
  const callsFile = join(folder, 'calls.txt');
  writeFileSync(callsFile, '');

  const write = (path: string, text: string) => {
    const full = join(root, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
    return full;
  };
  const environment = (extra: Readonly<Record<string, string>> = {}) => ({
    PATH: `${join(folder, 'tools')}:${dirname(process.execPath)}:/usr/bin:/bin`,
    HOME: join(folder, 'home'),
    XDG_CACHE_HOME: join(folder, 'cache'),
    CALLS: callsFile,
    ...extra,
  });
  const project: ScratchProject = {
    root,
    cache: join(folder, 'cache', 'mozaiks-workbench'),
    environment,
    write,
    run: (script, args = [], env) =>
      runProcess(
        process.execPath,
        [join(root, script.includes('/') ? script : `main/bin/${script}`), ...args],
        root,
        environment(env),
      ),
    tool(name, script) {
      const path = join(folder, 'tools', name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `#!/bin/sh\necho "${name} $*" >> "$CALLS"\n${script}\n`, { mode: 0o755 });
      return path;
    },
    read: (path) => readFileSync(join(root, path), 'utf8'),
    calls: () => readFileSync(callsFile, 'utf8').split('\n').filter(Boolean),
    report: (purpose) =>
      JSON.parse(
        readFileSync(join(root, `node_modules/.cache/mozaiks-workbench/setup-${purpose}.json`), 'utf8'),
      ),
  };
  mkdirSync(join(folder, 'home'));
  populate(project);
  return project;
}

function populate(project: ScratchProject): void {
  for (const folder of SCRIPTS) {
    cpSync(join(PROJECT, folder), join(project.root, folder), { recursive: true });
  }
  const lock = JSON.stringify({ packages: { '': {}, 'node_modules/thing': { version: '1.0.0' } } });
  project.write('package.json', JSON.stringify({ name: 'scratch', version: '0.0.1', type: 'module' }));
  project.write('package-lock.json', lock);
  project.write('node_modules/.package-lock.json', lock);
  project.write('main/index.ts', 'export const one = 1;\n');
  project.write('renderer/index.html', '<p>\n');
  project.write('node_modules/electron-vite/bin/electron-vite.js', FAKE_ELECTRON_VITE);
  project.tool('npm', 'echo "npm must not be needed here" >&2; exit 9');
  project.tool('apt-get', 'exit 0');
  project.tool('apt-cache', 'exit 0');
}

/** Builds what set-up expects; `cli.cjs` says what it was started with and ends with 4. */
const FAKE_ELECTRON_VITE = `
const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
const { dirname } = require('node:path');
appendFileSync(process.env.CALLS, 'electron-vite ' + process.argv.slice(2).join(' ') + '\\n');
if (process.env.BREAK_BUILD) { console.error('main/index.ts:1:1 is wrong'); process.exit(1); }
const cli = "console.log('served headless', JSON.stringify(process.argv.slice(2))); process.exitCode = 4;";
const files = ['main/index.cjs', 'main/node-host.cjs', 'main/python_host.py',
  'preload/preload.cjs', 'renderer/index.html'];
for (const [file, text] of [...files.map((name) => [name, '']), ['main/cli.cjs', cli]]) {
  mkdirSync(dirname('out/' + file), { recursive: true });
  writeFileSync('out/' + file, text);
}
`;

/**
 * A stand-in for Electron's binary: answers the version probe, else runs `body` (a Node script).
 * @returns its path
 */
export function fakeElectron(project: ScratchProject, path: string, version: string, body = ''): string {
  const full = project.write(
    path,
    `#!${process.execPath}\nif (process.env.ELECTRON_RUN_AS_NODE) console.log('${version}');\nelse {\n${body}\n}\n`,
  );
  chmodSync(full, 0o755);
  return full;
}

/**
 * The electron package as npm installs it: without its binary, with an installer (a Node script) that fetches
 * it.
 */
export function fakeElectronPackage(project: ScratchProject, installer: string): void {
  const log = "require('node:fs').appendFileSync(process.env.CALLS, 'install.js\\n');\n";
  project.write(
    'node_modules/electron/package.json',
    JSON.stringify({ version: '45.0.0', engines: { node: '>= 99.1.0' } }),
  );
  project.write('node_modules/electron/install.js', `${log}${installer}`);
}

/** Output and exit code of one process; its time is bounded by the test's own. */
export function runProcess(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string>,
): Promise<Outcome> {
  return new Promise((settle) => {
    const child = execFile(command, [...args], { cwd, env }, (_error, stdout, stderr) =>
      settle({ code: child.exitCode, stdout, stderr }),
    );
  });
}
