/** What a shell gets from every command. */
export const EXIT = {
  ok: 0,
  /** The checked thing failed: a clause is broken, a plugin answered with an error, something that is needed is missing. */
  failed: 1,
  /** An argument, an option or a setting makes no sense. */
  usage: 2,
  /** The command could not do its work: nothing answers, a file can't be read or written, the port is taken. */
  couldNotRun: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The same for the help of each command. */
export const EXIT_CODES_HELP = `Exit codes: 0 ok, 1 the checked thing failed, 2 wrong usage or setting, 3 could not run.`;
