import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { problemWords, scanJson } from '../../contract/json-text.ts';
import { SAMPLE_LIMITS, type Sample, type SampleList } from '../../contract/sample.ts';
import { errorMessage, hasErrorCode } from '../../system/errors.ts';

/** Reads a folder of samples, whose content is not trusted; samples.ts writes to it. */

export const EXTENSION = '.json';

/** The samples that are shown, with why one can't be read. */
export async function listSamples(plugin: string, folder: string): Promise<SampleList> {
  const names = await sampleNames(folder);
  const shown = names.slice(0, SAMPLE_LIMITS.files);
  const samples: Sample[] = [];
  let left: number = SAMPLE_LIMITS.totalBytes;
  for (const name of shown) {
    const sample = await readSample(join(folder, name + EXTENSION), name, left);
    left -= sample.text?.length ?? 0;
    samples.push(sample);
  }
  const hidden = names.length - shown.length;
  const notice =
    hidden === 0 ? null : `${hidden} more files are not shown; the limit is ${SAMPLE_LIMITS.files}`;
  return { plugin, samples, notice };
}

/** Names of everything called `<name>.json`, file or not. Empty when there is no folder. */
export async function sampleNames(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder))
      .filter((file) => file.endsWith(EXTENSION) && !file.startsWith('.') && file !== EXTENSION)
      .map((file) => file.slice(0, -EXTENSION.length))
      .sort();
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Never rejects: a sample that can't be read is listed with the reason. */
async function readSample(path: string, name: string, left: number): Promise<Sample> {
  try {
    const read = await readRegular(path, left);
    if (typeof read === 'string') return { name, text: null, revision: null, problem: read };
    const text = read.toString('utf8').replace(/^\uFEFF/, '');
    const { problem } = scanJson(text);
    return {
      name,
      text: text.replace(/\r?\n$/, ''),
      revision: revisionOf(read),
      problem: problem === null ? null : `Not JSON. ${problemWords(text, problem)}`,
    };
  } catch (error) {
    return { name, text: null, revision: null, problem: `Can't be read: ${errorMessage(error)}` };
  }
}

/**
 * The content, or why it isn't read. Checked before it is opened: opening a FIFO could block forever.
 */
export async function readRegular(path: string, left: number): Promise<Buffer | string> {
  const stats = await lstat(path);
  if (stats.isSymbolicLink()) return 'A link, which is not followed';
  if (!stats.isFile()) return 'Not a regular file';
  const problem = sizeProblem(stats.size, left);
  if (problem !== null) return problem;
  const file = await open(
    path,
    constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
  );
  try {
    const content = await file.readFile();
    return sizeProblem(content.length, left) ?? content;
  } finally {
    await file.close();
  }
}

function sizeProblem(bytes: number, left: number): string | null {
  const { bytes: most, totalBytes } = SAMPLE_LIMITS;
  if (bytes > most) return `Too large: ${Math.ceil(bytes / 1024)} KiB; the limit is ${most / 1024}`;
  return bytes > left
    ? `Not read: all samples together are larger than ${totalBytes / 1024 / 1024} MiB`
    : null;
}

/** Changes with the content. */
export function revisionOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 12);
}
