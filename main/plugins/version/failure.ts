import { realpath } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SourcePlace } from '../../contract/host.ts';
import type { PluginFailure } from '../../contract/plugin-view.ts';
import type { LoadFailure } from '../../hosts/call.ts';
import { isInside } from '../../system/paths.ts';
import { readBoundedFile } from '../../system/read-file.ts';

/** A failure at a place in the author's source, with the lines around it. Never rejects. */
export async function failureAt(
  folder: string,
  message: string,
  position: SourcePlace | null,
  stack: string | null,
  at: number,
): Promise<PluginFailure> {
  const codeFrame = position === null ? null : await readFrame(folder, position);
  const { file = null, line = null, column = null } = position ?? {};
  return { message, file, line, column, codeFrame, stack, at };
}

/**
 * The failure of a version that was found but whose top level failed. Its place is the one its process
 * reported, else the first frame in the plugin's own files.
 */
export async function failureOfLoad(
  folder: string,
  { message, stack, place, missing }: Omit<LoadFailure, 'ok'>,
  at: number,
): Promise<PluginFailure> {
  const trimmed = stack === null ? null : trimStack(stack, folder);
  const failure = await failureAt(folder, message, place ?? firstPosition(trimmed), trimmed, at);
  return missing === true ? { ...failure, missing } : failure;
}

/** A failure on one line, for the API: what is wrong, then where. */
export function formatFailure({ message, file, line, column }: PluginFailure): string {
  const [first = ''] = message.split('\n');
  if (file === null || first.includes(file)) return first;
  return `${first} (${[file, line, column].filter((part) => part !== null).join(':')})`;
}

/**
 * A stack as its author thinks of it: the message, then only frames in the plugin's folder, with paths
 * relative to it. Null when no frame is left. A Python traceback arrives trimmed from its process, which
 * alone knows what was imported.
 */
export function trimStack(stack: string, folder: string): string | null {
  if (TRACEBACK.test(stack)) return stack;
  const lines = stack.split('\n');
  const first = lines.findIndex((line) => FRAME.test(line));
  if (first < 0) return null;
  const frames = lines.slice(first).flatMap((line) => ownFrame(line, folder));
  return frames.length === 0 ? null : [...lines.slice(0, first), ...frames].join('\n');
}

/** Matches an exception, an exception group, and a syntax error, which has no frames of its own. */
const TRACEBACK = /^\s*(\+ \S.*)?(Traceback \(most recent call last\):|File ".*", line \d+)/m;
const FRAME = /^\s+at /;
/** `    at name (/path:3:9)`, `    at /path:3:9`, with or without a file: URL. */
const PLACE = /^(\s+at (?:.* \()?)((?:file:\/\/|\/|[A-Za-z]:\\).*?)(:\d+:\d+\)?)$/;

function ownFrame(line: string, folder: string): string[] {
  const match = PLACE.exec(line);
  if (match === null) return [];
  const [, before = '', place = '', after = ''] = match;
  const path = place.startsWith('file://') ? fileURLToPath(place) : place;
  return isInside(folder, path) ? [`${before}${relative(folder, path).split(sep).join('/')}${after}`] : [];
}

/** The place of the first frame of a trimmed stack. */
function firstPosition(stack: string | null): SourcePlace | null {
  const match = /^\s+at (?:.* \()?(.+?):(\d+):(\d+)\)?$/m.exec(stack ?? '');
  const [, file, line, column] = match ?? [];
  return file === undefined ? null : { file, line: Number(line), column: Number(column) };
}

/** A larger source has no place for people to look at. */
const MAX_SOURCE_BYTES = 1024 * 1024;

/**
 * The lines around a place, with a caret below it; null when the file can't be read. The place is the plugin's
 * word: nothing outside its folder is shown.
 */
async function readFrame(folder: string, { file, line, column }: SourcePlace): Promise<string | null> {
  try {
    const [home, path] = await Promise.all([realpath(folder), realpath(resolve(folder, file))]);
    if (!isInside(home, path)) return null;
    const source = await readBoundedFile(path, { maxBytes: MAX_SOURCE_BYTES, followLinks: false });
    return codeFrame(source.toString('utf8'), line, column);
  } catch {
    // Deleted since, or not a file: the message and the line still say enough.
    return null;
  }
}

/** Two lines before and after `line`, numbered, with a caret below `column`. Pure. */
export function codeFrame(source: string, line: number, column: number): string {
  const lines = source.split(/\r?\n/);
  const from = Math.max(1, line - 2);
  const to = Math.min(lines.length, line + 2);
  const width = String(to).length;
  const frame: string[] = [];
  for (let number = from; number <= to; number += 1) {
    const text = (lines[number - 1] ?? '').slice(0, 200);
    frame.push(`${number === line ? '>' : ' '} ${String(number).padStart(width)} | ${text}`);
    // Tabs stay tabs, so that the caret is below its letter.
    const indent = text.slice(0, column - 1).replace(/[^\t]/g, ' ');
    if (number === line) frame.push(`  ${' '.repeat(width)} | ${indent}^`);
  }
  return frame.join('\n');
}
