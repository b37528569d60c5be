import { resolve } from 'node:path';
import { WorkbenchError } from '../contract/errors.ts';
import { problemWords, scanJson } from '../contract/json-text.ts';
import { describeReadError, readBoundedFile } from '../system/read-file.ts';
import { type CommandContext, Interrupted, UsageError } from './command.ts';

/** Values given directly in an option or by reference: `@file`, `-` for the standard input, `env:NAME`. */

/** The largest body that a runtime can be set to take. */
const MAX_VALUE_BYTES = 256 * 1024 * 1024;

type Sources = Pick<CommandContext, 'sources' | 'stdin' | 'signal'>;

/**
 * A JSON object exactly as it was given.
 * @throws {UsageError} with line and column when it is not one; {WorkbenchError} NOT_FOUND when its file
 *   can't be read
 */
export async function readJsonObject(option: string, given: string, context: Sources): Promise<string> {
  const text = (await readText(option, given, context)).replace(/^\uFEFF/, '');
  const place = describePlace(option, given);
  if (text.trim() === '') throw new UsageError(`${place} is empty: give a JSON object, such as {}`);
  const { tokens, problem } = scanJson(text);
  if (problem !== null) throw new UsageError(`${place} is not valid JSON. ${problemWords(text, problem)}`);
  if (tokens[0]?.text !== '{')
    throw new UsageError(`${place} is not a JSON object: it begins with ${tokens[0]?.text}`);
  return text;
}

function describePlace(option: string, given: string): string {
  if (given === '-') return 'the standard input';
  return given.startsWith('@') ? given.slice(1) : option;
}

async function readText(option: string, given: string, context: Sources): Promise<string> {
  if (given === '-') return readStdin(context);
  if (given.startsWith('@')) return readNamedFile(option, given.slice(1), context);
  return given;
}

/**
 * A token given directly, as `@file`, or as `env:NAME`.
 * @throws {UsageError} when there is none; {WorkbenchError} NOT_FOUND when its file can't be read
 */
export async function readToken(given: string, context: Sources): Promise<string> {
  const token = (await hiddenText('--token', given, context)).trim();
  // It must fit into a header line; everything else is for the runtime to check.
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  const problem = token === '' ? 'is empty' : 'contains characters that are not allowed in a token';
  throw new UsageError(`The value of --token ${problem}: give the token itself, @file, or env:NAME`);
}

/**
 * A secret given directly, as `@file`, or as `env:NAME`; a file's last line break is not part of it.
 * @throws {WorkbenchError} NOT_FOUND when its file can't be read
 */
export async function readSecret(option: string, given: string, context: Sources): Promise<string> {
  return (await hiddenText(option, given, context)).replace(/\r?\n$/, '');
}

async function hiddenText(option: string, given: string, context: Sources): Promise<string> {
  if (given.startsWith('@')) return readNamedFile(option, given.slice(1), context);
  if (!given.startsWith('env:')) return given;
  const name = given.slice('env:'.length);
  const value = context.sources.env[name];
  if (value === undefined) throw new UsageError(`${option} ${given}: the variable ${name} is not set`);
  return value;
}

async function readNamedFile(option: string, name: string, { sources }: Sources): Promise<string> {
  if (name === '') throw new UsageError(`${option} @: give a file name after the @`);
  try {
    return (await readBoundedFile(resolve(sources.cwd, name), { maxBytes: MAX_VALUE_BYTES })).toString(
      'utf8',
    );
  } catch (error) {
    const reason = describeReadError(error);
    throw new WorkbenchError('NOT_FOUND', `${option}: ${name} can't be read (${reason})`, { cause: error });
  }
}

/** Ends with the input, or when the command is interrupted: a terminal's input may never end. */
async function readStdin({ stdin, signal }: Sources): Promise<string> {
  const chunks: Buffer[] = [];
  const reading = (async () => {
    let left = MAX_VALUE_BYTES;
    for await (const chunk of stdin()) {
      const bytes = Buffer.from(chunk);
      left -= bytes.length;
      if (left < 0)
        throw new UsageError(`The standard input is larger than ${MAX_VALUE_BYTES / 1024 / 1024} MiB`);
      chunks.push(bytes);
    }
  })();
  const interrupted = new Promise<never>((_, reject) => {
    const stop = () => reject(new Interrupted());
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
  await Promise.race([reading, interrupted]);
  return Buffer.concat(chunks).toString('utf8');
}
