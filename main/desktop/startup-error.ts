import { ConfigError } from '../config/config.ts';
import type { Config } from '../config/types.ts';
import { type Result, WorkbenchError } from '../contract/errors.ts';
import type {
  StartupError,
  StartupErrorFunctionName,
  StartupErrorFunctions,
} from '../contract/startup-error.ts';
import { ListenError } from '../server/connection/listen.ts';
import { findFreePort, findPortHolder } from '../system/ports.ts';

/** What prevents the workbench from starting, where a person can fix it; null for any other failure. */
export async function describeStartupError(
  error: unknown,
  config: Config | null,
): Promise<StartupError | null> {
  const at = Date.now();
  if (error instanceof ConfigError) {
    const problems = error.problems.map(({ name, value, place = null, remedy }) => {
      return { name, value, place, remedy };
    });
    return { kind: 'settings', problems, at };
  }
  if (!(error instanceof ListenError)) return null;
  const { host, port, taken, message } = error;
  const setting = config?.settings.find(({ name }) => name === 'PORT');
  const [holder, otherPort] = await Promise.all([
    taken ? findPortHolder(host, port) : null,
    findFreePort(host, port),
  ]);
  const origin = setting === undefined || setting.source === 'default' ? null : setting.origin;
  return { kind: 'port', host, port, taken, message, origin, holder, otherPort, at };
}

export interface StartupErrorDeps {
  /** What is wrong at first. */
  readonly startupError: StartupError;
  /**
   * Tries to start with what was chosen here so far; null when it did, else what is wrong now. Rejects for
   * what can't be fixed.
   */
  readonly attempt: (chosen: Readonly<Record<string, string>>) => Promise<StartupError | null>;
  readonly onStarted: () => void;
  readonly onFailed: (error: unknown) => void;
  readonly quit: () => void;
}

/**
 * What the startup error's window may call: four functions without arguments, and no Inspector behind them.
 */
export function createStartupErrorHandlers(deps: StartupErrorDeps): {
  call(name: unknown, argument: unknown): Promise<Result<unknown>>;
} {
  let { startupError } = deps;
  let chosen: Readonly<Record<string, string>> = {};
  /** One attempt at a time: a second click gets the first one's result. */
  let trying: Promise<StartupError | null> | null = null;

  const attempt = async (): Promise<StartupError | null> => {
    try {
      const next = await deps.attempt(chosen);
      if (next === null) deps.onStarted();
      else startupError = next;
      return next;
    } catch (error) {
      deps.onFailed(error);
      return startupError;
    } finally {
      trying = null;
    }
  };
  const tryAgain = () => {
    trying ??= attempt();
    return trying;
  };
  const functions: { [N in StartupErrorFunctionName]: () => Promise<StartupErrorFunctions[N]['answer']> } = {
    startupError: async () => startupError,
    retry: tryAgain,
    async useOtherPort() {
      if (startupError.kind !== 'port' || startupError.otherPort === null) return startupError;
      chosen = { ...chosen, PORT: String(startupError.otherPort) };
      return tryAgain();
    },
    async quit() {
      deps.quit();
      return null;
    },
  };

  return {
    async call(name) {
      if (typeof name === 'string' && Object.hasOwn(functions, name)) {
        return { ok: true, value: await functions[name as StartupErrorFunctionName]() };
      }
      const { code, message } = new WorkbenchError('NOT_FOUND', 'The workbench has not started yet');
      return { ok: false, error: { code, message } };
    },
  };
}
