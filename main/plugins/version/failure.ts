import { realpath } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SourcePlace } from '../../contract/host.ts';
import type { PluginFailure } from '../../contract/plugin-view.ts';
import type { HostKind, LoadFailure } from '../../hosts/call.ts';
import { isInside } from '../../system/paths.ts';
import { readBoundedFile } from '../../system/read-file.ts';
import { beginsFrame, parseFrame, startOfPath } from '../../system/stack-frame.ts';

/** A failure at a place in the author's source, with the lines around it. Never rejects. */
export async function failureAt(
  folder: string,
  message: string,
  position: SourcePlace | null,
  stack: string | null,
  at: number,
): Promise<PluginFailure> {
  const codeFrame = position === null ? null : await readFrame(folder, position);
  return { ...bareFailure(message, position, at), codeFrame, stack };
}

/** What can be said at once, before the source is read. */
export function bareFailure(message: string, position: SourcePlace | null, at: number): PluginFailure {
  const { file = null, line = null, column = null } = position ?? {};
  return { message, file, line, column, codeFrame: null, stack: null, at };
}

/** What a process ran when it failed. */
export interface FailedVersion {
  readonly kind: HostKind;
  /** The plugin's. */
  readonly folder: string;
}

/**
 * The failure of a version that was found but whose top level failed. Its place is the one its process
 * reported, else the first frame in the plugin's own files. What it says is masked by `mask`.
 */
export async function failureOfLoad(
  { kind, folder }: FailedVersion,
  { message, stack, place, missing }: Omit<LoadFailure, 'ok'>,
  { at, mask }: { readonly at: number; readonly mask: (text: string) => string },
): Promise<PluginFailure> {
  const own = stack === null ? null : findOwnStack(stack, { kind, folder });
  const shown = own === null ? null : mask(own.text);
  const failure = await failureAt(folder, mask(message), place ?? own?.place ?? null, shown, at);
  const { codeFrame } = failure;
  const masked = { ...failure, codeFrame: codeFrame === null ? null : mask(codeFrame) };
  return missing === true ? { ...masked, missing } : masked;
}

/** A failure on one line, for the API: what is wrong, then where. */
export function formatFailure({ message, file, line, column }: PluginFailure): string {
  const [first = ''] = message.split('\n');
  if (file === null || first.includes(file)) return first;
  return `${first} (${[file, line, column].filter((part) => part !== null).join(':')})`;
}

/**
 * A stack as its author thinks of it: the message, then only frames in the plugin's folder, with paths
 * relative to it. Null when no frame is left.
 */
export function trimStack(stack: string, version: FailedVersion): string | null {
  return findOwnStack(stack, version)?.text ?? null;
}

interface OwnStack {
  readonly text: string;
  /** Of the first frame. */
  readonly place: SourcePlace | null;
}

function findOwnStack(stack: string, { kind, folder }: FailedVersion): OwnStack | null {
  // A traceback arrives trimmed from its process, which alone knows what was imported.
  if (kind === 'python') return stack === '' ? null : { text: stack, place: null };
  const lines = stack.split('\n');
  const first = lines.findIndex(beginsFrame);
  if (first < 0) return null;
  const frames = lines.slice(first).flatMap((line) => ownFrame(line, folder) ?? []);
  const [top] = frames;
  if (top === undefined) return null;
  return { text: [...lines.slice(0, first), ...frames.map(({ text }) => text)].join('\n'), place: top.place };
}

/** A frame in one of the plugin's own files; null for any other line. */
function ownFrame(line: string, folder: string): { text: string; place: SourcePlace } | null {
  const frame = parseFrame(line);
  const start = frame === null ? null : startOfPath(frame.head);
  if (frame === null || start === null) return null;
  const path = pathOf(frame.head.slice(start));
  if (path === null || !isInside(folder, path)) return null;
  const file = relative(folder, path).split(sep).join('/');
  const place = { file, line: frame.line, column: frame.column };
  return { text: `${frame.head.slice(0, start)}${file}${frame.position}`, place };
}

/** Null for the URL of another machine's file, or none at all: a plugin writes into its stack what it likes. */
function pathOf(place: string): string | null {
  if (!place.startsWith('file://')) return place;
  try {
    return fileURLToPath(place);
  } catch {
    return null;
  }
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
