import type { Command } from 'commander';
import type { ConfigSources } from '../config/types.ts';
import type { ExitCode } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

/** What the process gives to every command. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Environment, working directory and the user's folder; `argv` is empty: each command hands on its own options. */
  readonly sources: ConfigSources;
  /** Opens the standard input; nothing of it is read before. */
  readonly stdin: () => AsyncIterable<Uint8Array | string>;
  /** The built file that runs, for finding what is shipped beside it. */
  readonly entry: string;
  /** Aborted by the first Ctrl+C or SIGTERM. */
  readonly signal: AbortSignal;
}

/** What a command found. It is printed as `text`, or with `--json` as `value`; the code is the shell's. */
export interface CommandResult {
  readonly code: ExitCode;
  /** Null for a command that prints for itself, since its result comes long before its end. */
  readonly value: object | null;
  /** Lines for a reader, with their newlines; empty for nothing. */
  readonly text: string;
}

/** Adds one command to the program. The action's arguments are its own, read from what commander parsed. */
export type AddCommand = (program: Command, run: RunCommand) => void;

/** Wraps an action, so that each prints its outcome and fails in the same way. */
export type RunCommand = <A extends readonly unknown[]>(
  action: (context: CommandContext, ...parsed: A) => Promise<CommandResult>,
) => (...parsed: A) => Promise<void>;

/** Arguments or options make no sense; the message says what would be right. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** Ctrl+C or SIGTERM came before there was a result. */
export class Interrupted extends Error {
  constructor() {
    super('Interrupted');
    this.name = 'Interrupted';
  }
}
