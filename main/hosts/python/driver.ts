import { join } from 'node:path';
import { WorkbenchError } from '../../contract/errors.ts';
import { DRIVER_LINES, type DriverFailure, type DriverView } from '../../contract/python-driver.ts';
import { errorMessage } from '../../system/errors.ts';
import type { Log } from '../../system/log.ts';
import { Guardian } from '../guardian.ts';
import { InstallError, installDriver, removeEnvironment } from './driver-install.ts';
import { PythonInterpreter } from './interpreter.ts';
import { findPythonIn, ownEnvironmentOf } from './own-environment.ts';

interface PythonDriverOptions {
  /** MOZAIKS_PYTHON, and who set it; null where nobody did. */
  readonly python: string;
  readonly setBy: string | null;
  /** Where the workbench's own environments are. */
  readonly folder: string;
  /** The folder of the Python host's files. */
  readonly scripts: string;
  /** The runtime's own. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** Masks secrets in what pip writes. */
  readonly mask: (text: string) => string;
  /** Python plugins now run in another environment. */
  readonly onMoved: () => Promise<void>;
}

/** pip's longest lines are paths and addresses. */
const MAX_LINE = 500;

/**
 * Installs motor when asked, into an environment of the workbench's own, which Python plugins run in from then on.
 * An interpreter that somebody chose stays as it is.
 */
export class PythonDriver {
  readonly #options: PythonDriverOptions;
  readonly #base: PythonInterpreter;
  readonly #guardian: Guardian;
  #installed: string | null = null;
  #lines: readonly string[] = [];
  #failure: DriverFailure | null = null;
  #attempt: { readonly cancel: AbortController; readonly done: Promise<void> } | null = null;
  #onChange: () => void = () => undefined;

  constructor(options: PythonDriverOptions) {
    this.#options = options;
    this.#base = new PythonInterpreter(options.python, options.environment);
    this.#guardian = new Guardian(options.log);
  }

  view(): DriverView {
    const { setBy } = this.#options;
    const settled = this.#installed === null ? 'absent' : 'installed';
    return {
      state: this.#attempt === null ? settled : 'installing',
      folder: this.#installed,
      refusal:
        setBy === null
          ? null
          : `Python plugins run in the interpreter that ${setBy} names: install motor there, or unset it.`,
      lines: this.#lines,
      failure: this.#failure,
    };
  }

  /** `onChange`: the view has changed. Finds out whether it is installed; never rejects. */
  async open(onChange: () => void): Promise<void> {
    this.#onChange = onChange;
    if (this.#options.setBy !== null) return;
    const target = await this.#target().catch(() => null);
    if (target !== null && (await findPythonIn(target)) !== null) this.#set(target);
  }

  /** Begins; the view tells how it goes. @throws {WorkbenchError} CONFLICT where it can't be installed */
  install(): void {
    const { refusal, state } = this.view();
    if (refusal !== null) throw new WorkbenchError('CONFLICT', refusal);
    if (state !== 'absent') throw new WorkbenchError('CONFLICT', `motor is ${state} already`);
    this.#lines = [];
    this.#failure = null;
    const cancel = new AbortController();
    const done = this.#install(cancel.signal)
      .catch((error: unknown) => this.#noteFailure(error, cancel.signal))
      .finally(() => {
        this.#attempt = null;
        this.#onChange();
      });
    this.#attempt = { cancel, done };
    this.#onChange();
  }

  /** Resolves when nothing of the attempt is left. */
  async cancel(): Promise<void> {
    this.#attempt?.cancel.abort();
    await this.#attempt?.done;
  }

  /** Python plugins run in the interpreter itself again. @throws {WorkbenchError} CONFLICT where none is installed */
  async remove(): Promise<void> {
    const target = this.#installed;
    if (target === null) throw new WorkbenchError('CONFLICT', 'The workbench has not installed motor');
    const removeRest = await removeEnvironment(target);
    this.#lines = [];
    this.#set(null);
    await this.#options.onMoved();
    await removeRest();
  }

  async stop(): Promise<void> {
    await this.cancel();
    await this.#guardian.stop();
  }

  async #install(signal: AbortSignal): Promise<void> {
    const { scripts, environment, log, onMoved } = this.#options;
    const target = await this.#target();
    await installDriver({
      command: this.#base.command,
      script: join(scripts, 'make_environment.py'),
      target,
      environment,
      guardian: this.#guardian,
      signal,
      onLine: (line) => this.#noteLine(line),
    });
    log.info('motor was installed: Python plugins run in an environment of the workbench’s own', {
      folder: target,
    });
    await onMoved();
    this.#set(target);
  }

  /** Where the environment of the interpreter in use belongs. */
  async #target(): Promise<string> {
    const problem = await this.#base.findProblem();
    if (problem !== null) throw new InstallError(problem.what, problem.remedy);
    const { command, version } = this.#base;
    return ownEnvironmentOf(this.#options.folder, { command, version: version ?? '' });
  }

  #set(installed: string | null): void {
    this.#installed = installed;
    this.#onChange();
  }

  #noteLine(line: string): void {
    const shown = this.#options.mask(line).slice(0, MAX_LINE);
    if (shown.trim() === '') return;
    this.#lines = [...this.#lines, shown].slice(-DRIVER_LINES);
    this.#onChange();
  }

  #noteFailure(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) {
      this.#lines = [];
      return;
    }
    const remedy = error instanceof InstallError ? error.remedy : null;
    this.#failure = { message: this.#options.mask(errorMessage(error)), remedy };
    this.#options.log.warn('Could not install motor', { ...this.#failure });
  }
}
