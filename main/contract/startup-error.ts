import type { Result } from './errors.ts';

/** Why the workbench can't start, as its own small window tells it, and what can be done there. */

/** The program that listens on the port that the workbench wants. */
interface PortHolder {
  readonly pid: number;
  /** Its command line, cut to a readable length. */
  readonly command: string;
}

export interface PortError {
  readonly kind: 'port';
  readonly host: string;
  readonly port: number;
  /** Somebody else has it; false: the system refuses it for another reason, which `message` gives. */
  readonly taken: boolean;
  readonly message: string;
  /** Where the port was set, such as `PORT (environment)`; null when it is the default. */
  readonly origin: string | null;
  /** Null where it can't be determined. */
  readonly holder: PortHolder | null;
  /** A free one; null when none was found. */
  readonly otherPort: number | null;
  /** ms since the epoch. */
  readonly at: number;
}

export interface SettingsError {
  readonly kind: 'settings';
  readonly problems: readonly {
    readonly name: string;
    /** As given, masked when secret; null when it is missing. */
    readonly value: string | null;
    readonly place: string | null;
    readonly remedy: string;
  }[];
  readonly at: number;
}

export type StartupError = PortError | SettingsError;

/** What that window may ask. Null: the workbench starts, and this window closes. */
export interface StartupErrorFunctions {
  startupError: { argument: null; answer: StartupError };
  retry: { argument: null; answer: StartupError | null };
  useOtherPort: { argument: null; answer: StartupError | null };
  quit: { argument: null; answer: null };
}

export type StartupErrorFunctionName = keyof StartupErrorFunctions;

export type StartupErrorCall = <N extends StartupErrorFunctionName>(
  name: N,
  argument: StartupErrorFunctions[N]['argument'],
) => Promise<Result<StartupErrorFunctions[N]['answer']>>;
