import { printableEntry } from './printable.ts';

/**
 * The runtime's own log on stderr: each entry begins a line, and what it quotes can begin none. Secrets are masked by
 * the redactor that is handed in.
 */

type LogLevel = 'info' | 'warn' | 'error';

export interface Log {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** For what should not happen; `error` is shown with its stack. */
  error(message: string, error?: unknown): void;
}

export interface LogOptions {
  readonly write: (line: string) => void;
  /** Applied to every line before it is written. */
  readonly redact?: (text: string) => string;
  readonly now?: () => Date;
}

/** A log that writes `2026-01-23T12:04:31.120Z warn message key=value` lines through `options.write`. */
export function createLog({ write, redact = (text) => text, now = () => new Date() }: LogOptions): Log {
  const entry = (level: LogLevel, message: string, tail: string) =>
    write(printableEntry(redact(`${now().toISOString()} ${level} ${message}${tail}`)));
  return {
    info: (message, fields) => entry('info', message, formatFields(fields)),
    warn: (message, fields) => entry('warn', message, formatFields(fields)),
    error: (message, error) => entry('error', message, error === undefined ? '' : `\n${formatError(error)}`),
  };
}

function formatFields(fields: Readonly<Record<string, unknown>> | undefined): string {
  return Object.entries(fields ?? {})
    .map(([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('');
}

function formatError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);
}
