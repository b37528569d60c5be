/**
 * motor, the database's driver for Python: what plugins lack where the interpreter hasn't got it, and what the
 * workbench installs on request, into an environment of its own.
 */

export interface DriverView {
  readonly state: 'absent' | 'installing' | 'installed';
  /** The environment that Python plugins run in; null unless it is installed. */
  readonly folder: string | null;
  /** Why it can't be installed; null where it can. */
  readonly refusal: string | null;
  /** The newest lines of what is being installed, or failed. */
  readonly lines: readonly string[];
  /** Why the last attempt failed. */
  readonly failure: DriverFailure | null;
}

export interface DriverFailure {
  readonly message: string;
  /** What to do; null where the lines say it. */
  readonly remedy: string | null;
}

/** Lines of {@link DriverView}. */
export const DRIVER_LINES = 12;

export interface DriverFunctions {
  /** Begins; the snapshot tells how it goes. CONFLICT where it can't be installed. */
  installDriver: { argument: null; answer: null };
  /** Resolves when nothing of the attempt is left. */
  cancelDriver: { argument: null; answer: null };
  /** Python plugins run in the interpreter itself again. */
  removeDriver: { argument: null; answer: null };
}

/**
 * Whether this error is that motor is missing: the failure of an import that only motor satisfies, or of a stub of
 * production's modules (hosts/python/mozaiks_host_errors.py, mozaiks_standins_database.py).
 */
export function lacksDriver(message: string): boolean {
  return /No module named '(?:bson|gridfs|motor|pymongo)\b|production's database needs motor:/.test(message);
}
