/** The exit codes of every command. */
export const EXIT = {
  ok: 0,
  /** What was checked or called failed: a clause, a plugin's answer, a requirement of this machine. */
  failed: 1,
  /** An argument, an option or a setting is invalid. */
  usage: 2,
  /** The command could not run: nothing answers, a file can't be read or written, the port is taken. */
  couldNotRun: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The same, for the help of each command. */
export const EXIT_CODES_HELP =
  'Exit codes: 0 ok, 1 what was checked or called failed, 2 invalid usage or setting, 3 could not run.';
