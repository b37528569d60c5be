import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pluginEnvironment } from '../environment.ts';

const run = promisify(execFile);

/** The oldest Python that the host script runs on. */
const OLDEST = [3, 9] as const;
const PROBE = 'import sys; print("%d.%d.%d" % sys.version_info[:3]); print(sys.executable or "")';
const PROBE_LIMIT_MS = 10_000;

/** Where Python names come from, beyond what every plugin sees: production code may be on these paths. */
const PYTHON_VARIABLES = ['PYTHONPATH', 'VIRTUAL_ENV'] as const;

/** The interpreter that Python plugins run in: looked for once it is needed, and again until it is found. */
export class PythonInterpreter {
  readonly environment: Readonly<Record<string, string>>;
  readonly #setting: string;
  #command: string | null = null;
  #version: string | null = null;
  #checking: Promise<string | null> | null = null;

  /** `setting`: MOZAIKS_PYTHON, a command, a path or the folder of a virtual environment. */
  constructor(setting: string, environment: Readonly<Record<string, string | undefined>>) {
    this.#setting = setting;
    const env = pluginEnvironment(environment);
    for (const name of PYTHON_VARIABLES) env[name] ??= environment[name] ?? '';
    this.environment = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  }

  /** What to start; the setting itself while nothing better is known. */
  get command(): string {
    return this.#command ?? this.#setting;
  }

  /** Such as 3.11.2; null until a check found one that is good enough. */
  get version(): string | null {
    return this.#version;
  }

  /** Null when Python plugins can run; else why not, and what to do about it. Never rejects. */
  async check(): Promise<string | null> {
    if (this.#command !== null && (await exists(this.#command))) return null;
    this.#checking ??= this.#look().finally(() => {
      this.#checking = null;
    });
    return this.#checking;
  }

  async #look(): Promise<string | null> {
    const command = await this.#resolve();
    if (command === null)
      return `MOZAIKS_PYTHON names a folder without bin/python3; ${REMEDY}\nIt is ${this.#setting}`;
    try {
      const { stdout } = await run(command, ['-c', PROBE], {
        env: this.environment,
        timeout: PROBE_LIMIT_MS,
        windowsHide: true,
      });
      const [version = '', executable = ''] = stdout.trim().split(/\r?\n/);
      if (isTooOld(version)) return `Python ${version} is too old; ${REMEDY}\nIt is ${command}`;
      // Version managers put scripts before it that take longer to start than Python itself.
      this.#command = executable === '' ? command : executable;
      this.#version = version;
      return null;
    } catch (error) {
      return describeFailure(command, error);
    }
  }

  /** A virtual environment stands for its own interpreter. */
  async #resolve(): Promise<string | null> {
    const setting = this.#setting;
    if (!(await isFolder(setting))) return setting;
    for (const place of ['bin/python3', 'bin/python', 'Scripts/python.exe']) {
      const path = join(setting, place);
      if (await exists(path)) return path;
    }
    return null;
  }
}

const REMEDY = `Python plugins need Python ${OLDEST.join('.')} or newer: install it, or set MOZAIKS_PYTHON to an interpreter or a virtual environment, and reload the plugin`;

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return !(major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]));
}

/** The first line goes to clients, who may see no path of this machine (SECURITY.md §3). */
function describeFailure(command: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `no Python was found; ${REMEDY}\nThere is no ${command}`;
  return `Python does not start; ${REMEDY}\n${command}: ${message.split('\n', 1)[0]}`;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() === true;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
