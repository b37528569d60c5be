import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { hasErrorCode } from '../../system/errors.ts';
import { readBoundedFile, UnreadableFileError } from '../../system/read-file.ts';
import type { BundleStore } from './bundles.ts';
import type { ServingVersion } from './serving.ts';

/** The sources of a Python version, by absolute path; null for one that is gone or can't be a source. */
export type Sources = ReadonlyMap<string, Buffer | null>;

/** A folder with more contains more than a plugin; what is left out is read when it is imported. */
const MAX_FILES = 1_000;
const MAX_FILE_BYTES = 5 * 1024 * 1024;
/** Of all files of a version: the list comes from the plugin's process, which may name any. */
const MAX_TOTAL_BYTES = 64 * 1024 * 1024;

/** Folders whose files are installed or generated, not written by the author. */
const IGNORED_FOLDERS = /^(\..*|__pycache__|venv|env|site-packages|node_modules)$/;

/** Every Python file of a plugin: what it may be made of before it has ever been loaded. Sorted. */
export async function scanSources(folder: string): Promise<string[]> {
  const found: string[] = [];
  const open = [folder];
  for (let next = open.pop(); next !== undefined && found.length < MAX_FILES; next = open.pop()) {
    const entries = await readdir(next, { withFileTypes: true });
    // A virtual environment, whatever its name.
    if (entries.some((entry) => entry.name === 'pyvenv.cfg')) continue;
    for (const entry of entries) {
      const path = join(next, entry.name);
      if (entry.isDirectory() && !IGNORED_FOLDERS.test(entry.name)) open.push(path);
      else if (entry.isFile() && entry.name.endsWith('.py')) found.push(path);
    }
  }
  return found.slice(0, MAX_FILES).sort();
}

/**
 * Reads the files as they are now, one by one; those beyond the limit of all count as gone.
 * @throws the system's error for one that exists and can't be read
 */
export async function readSources(files: Iterable<string>): Promise<Sources> {
  const sources = new Map<string, Buffer | null>();
  let leftBytes = MAX_TOTAL_BYTES;
  for (const file of files) {
    const content = leftBytes > 0 ? await readSource(file, leftBytes) : null;
    leftBytes -= content?.length ?? 0;
    sources.set(file, content);
  }
  return sources;
}

async function readSource(file: string, leftBytes: number): Promise<Buffer | null> {
  try {
    return await readBoundedFile(file, { maxBytes: Math.min(MAX_FILE_BYTES, leftBytes) });
  } catch (error) {
    if (error instanceof UnreadableFileError || hasErrorCode(error, 'ENOENT', 'ENOTDIR')) return null;
    throw error;
  }
}

/** 12 hex digits; `mozaiks_host_loader.py` computes the same for what was imported. */
export function hashSources(root: string, sources: Sources): string {
  const lines = [...sources].map(([file, content]) => {
    const digest = content === null ? 'gone' : createHash('sha256').update(content).digest('hex');
    return `${relative(root, file).split(sep).join('/')}\0${digest}\n`;
  });
  return createHash('sha256').update(lines.sort().join('')).digest('hex').slice(0, 12);
}

/** The sources as a process gets them: it imports these, whatever happens to the files. */
export function snapshotOf(sources: Sources): string {
  // Latin-1 preserves every byte: a source may be in any encoding.
  const present = [...sources].flatMap(([file, content]) =>
    content === null ? [] : [[file, content.toString('latin1')] as const],
  );
  return JSON.stringify(Object.fromEntries(present));
}

/**
 * Stores all sources of the serving Python version, so that a process started later is made of the same ones.
 * Modules from outside the plugin's folder, and those imported during a call, are known only once a process
 * has imported them.
 *
 * @throws the system's error when a file can't be read or written
 */
export async function completeSnapshot(
  name: string,
  root: string,
  serving: ServingVersion,
  bundles: BundleStore,
): Promise<void> {
  const { version } = serving;
  if (version === null || version.bundle.python === undefined) return;
  const fileName = `${name}-${version.hash}.json`;
  // Named after these very sources: it was complete from the start.
  if (version.bundle.file.endsWith(fileName)) return;
  const sources = await readSources(version.inputs);
  // Changed since they were imported: the next version is on its way.
  if (hashSources(root, sources) !== version.hash) return;
  const file = await bundles.write(fileName, snapshotOf(sources));
  const unused = serving.setBundleFile(version, file) ? version.bundle.file : file;
  if (unused !== serving.version?.bundle.file) bundles.drop(unused);
}
