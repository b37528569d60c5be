import type { Command } from 'commander';
import type { ConfigSources } from '../config/types.ts';
import type { ExitCode } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

/** What every command gets from the process. */
export interface CommandContext {
  readonly terminal: Terminal;
  /**
   * Environment, working directory and the user's folder; `argv` is empty: each command passes its own
   * options.
   */
  readonly sources: ConfigSources;
  /** Opens the standard input, which is not read until then. */
  readonly stdin: () => AsyncIterable<Uint8Array | string>;
  /** The built file that runs, to find the files shipped beside it. */
  readonly entry: string;
  /** Aborted by the first Ctrl+C or SIGTERM. */
  readonly signal: AbortSignal;
}

/** A command's result: printed as `text`, or with `--json` as `value`; `code` is its exit code. */
export interface CommandResult {
  readonly code: ExitCode;
  /** Null for a command that prints by itself, since its result is known long before it exits. */
  readonly value: object | null;
  /** `value` as JSON text, where it holds numbers that are shown as they were sent. */
  readonly json?: string | undefined;
  /** Lines for people, with their newlines; may be empty. */
  readonly text: string;
  /** `text` is another's, and given on to a program as it is. */
  readonly isExact?: boolean;
}

/** Adds one command to the program. Its action takes what commander parsed. */
export type AddCommand = (program: Command, run: RunCommand) => void;

/** Wraps an action, so that all commands print results and errors in the same way. */
export type RunCommand = <A extends readonly unknown[]>(
  action: (context: CommandContext, ...parsed: A) => Promise<CommandResult>,
) => (...parsed: A) => Promise<void>;

/** Invalid arguments or options; the message says what is valid. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** Ctrl+C or SIGTERM arrived before there was a result. */
export class Interrupted extends Error {
  constructor() {
    super('Interrupted');
    this.name = 'Interrupted';
  }
}
