import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { errorMessage, hasErrorCode } from '../../system/errors.ts';
import { isInside } from '../../system/paths.ts';
import { pluginEnvironment } from '../environment.ts';
import { type BaseInterpreter, findPythonIn, ownEnvironmentOf } from './own-environment.ts';

const run = promisify(execFile);

/** The oldest Python that the host script runs on. */
const OLDEST = [3, 9] as const;
/** Run without the modules of its surroundings, which take four times as long to find as this does. */
const PROBE = 'import sys; print("%d.%d.%d" % sys.version_info[:3]); print(sys.executable or "")';
const PROBE_TIMEOUT_MS = 10_000;

/**
 * Where Python finds modules, in addition to what every plugin sees: production code may be on these paths.
 */
const PYTHON_VARIABLES = ['PYTHONPATH', 'VIRTUAL_ENV'] as const;

/** Why Python plugins can't run. */
export interface InterpreterProblem {
  /** Clients may see it: no path of this machine is in it (SECURITY.md §3). */
  readonly what: string;
  readonly remedy: string;
  readonly details: string;
}

/**
 * The interpreter that Python plugins run in: searched for when it is first needed, and again until it is
 * found.
 */
export class PythonInterpreter {
  readonly #setting: string;
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #variables: () => Readonly<Record<string, string>>;
  readonly #ownEnvironments: string | null;
  #command: string | null = null;
  #version: string | null = null;
  #checking: Promise<InterpreterProblem | null> | null = null;

  /**
   * `setting`: MOZAIKS_PYTHON, a command, a path or the folder of a virtual environment. `variables`: what
   * plugins get beside the allowed part of the environment, at the time of a start. `ownEnvironments`: where the
   * workbench has environments of its own, of which the interpreter's is used; null where it is not looked for.
   */
  constructor(
    setting: string,
    environment: Readonly<Record<string, string | undefined>>,
    variables: () => Readonly<Record<string, string>> = () => ({}),
    ownEnvironments: string | null = null,
  ) {
    this.#setting = setting;
    this.#environment = environment;
    this.#variables = variables;
    this.#ownEnvironments = ownEnvironments;
  }

  /** That of a process which starts now. */
  get environment(): Readonly<Record<string, string>> {
    const env = pluginEnvironment(this.#environment, this.#variables());
    for (const name of PYTHON_VARIABLES) {
      const value = env[name] || this.#environment[name];
      if (value) env[name] = value;
      else delete env[name];
    }
    return env;
  }

  /** What to start; the setting itself until a check has found the interpreter. */
  get command(): string {
    return this.#command ?? this.#setting;
  }

  /** It is that of an environment of the workbench's own. */
  get isOwn(): boolean {
    return (
      this.#ownEnvironments !== null &&
      this.#command !== null &&
      isInside(this.#ownEnvironments, this.#command)
    );
  }

  /** Such as 3.11.2; null until a check found one that is recent enough. */
  get version(): string | null {
    return this.#version;
  }

  /**
   * The same as {@link findProblem} as text: what and remedy in its first line, the details in its second.
   */
  async check(): Promise<string | null> {
    const problem = await this.findProblem();
    return problem === null ? null : `${problem.what}; ${problem.remedy}\n${problem.details}`;
  }

  /** Null when Python plugins can run. Never rejects. */
  async findProblem(): Promise<InterpreterProblem | null> {
    if (this.#command !== null && (await exists(this.#command))) return null;
    this.#checking ??= this.#probe().finally(() => {
      this.#checking = null;
    });
    return this.#checking;
  }

  /** Looks again for what to start: an environment of the workbench's own came or went. */
  async refresh(): Promise<void> {
    await this.#checking;
    await this.#probe();
  }

  async #probe(): Promise<InterpreterProblem | null> {
    const command = await this.#resolve();
    if (command === null) {
      const what = 'MOZAIKS_PYTHON names a folder without bin/python3';
      return { what, remedy: REMEDY, details: `It is ${this.#setting}` };
    }
    try {
      const { stdout } = await run(command, ['-I', '-S', '-c', PROBE], {
        env: this.environment,
        timeout: PROBE_TIMEOUT_MS,
        windowsHide: true,
      });
      const [version = '', executable = ''] = stdout.trim().split(/\r?\n/);
      if (isTooOld(version)) {
        return { what: `Python ${version} is too old`, remedy: REMEDY, details: `It is ${command}` };
      }
      // Version managers wrap it in scripts that take longer to start than Python itself.
      const found = executable === '' ? command : executable;
      this.#command = (await this.#findOwn({ command: found, version })) ?? found;
      this.#version = version;
      return null;
    } catch (error) {
      return describeFailure(command, error);
    }
  }

  async #findOwn(base: BaseInterpreter): Promise<string | null> {
    if (this.#ownEnvironments === null) return null;
    return findPythonIn(ownEnvironmentOf(this.#ownEnvironments, base));
  }

  /** The setting, or the interpreter of the virtual environment that it names; null if there is none. */
  async #resolve(): Promise<string | null> {
    const setting = this.#setting;
    return (await isFolder(setting)) ? findPythonIn(setting) : setting;
  }
}

const REMEDY = `Python plugins need Python ${OLDEST.join('.')} or newer: install it, or set MOZAIKS_PYTHON to an interpreter or a virtual environment, and reload the plugin`;

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return !(major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]));
}

function describeFailure(command: string, error: unknown): InterpreterProblem {
  if (hasErrorCode(error, 'ENOENT')) {
    return { what: 'no Python was found', remedy: REMEDY, details: `There is no ${command}` };
  }
  const [reason = ''] = errorMessage(error).split('\n', 1);
  return { what: 'Python does not start', remedy: REMEDY, details: `${command}: ${reason}` };
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() === true;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
