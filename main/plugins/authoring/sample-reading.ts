import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { problemWords, scanJson } from '../../contract/json-text.ts';
import { SAMPLE_LIMITS, type Sample, type SampleList } from '../../contract/sample.ts';
import { hasErrorCode } from '../../system/errors.ts';
import { describeReadError, readBoundedFile } from '../../system/read-file.ts';

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
    if (left <= 0) return unread(name, TOO_MUCH);
    const read = await readSampleFile(path);
    if (read.length > left) return unread(name, TOO_MUCH);
    const text = read.toString('utf8').replace(/^\uFEFF/, '');
    const { problem } = scanJson(text);
    return {
      name,
      text: text.replace(/\r?\n$/, ''),
      revision: revisionOf(read),
      problem: problem === null ? null : `Not JSON. ${problemWords(text, problem)}`,
    };
  } catch (error) {
    return unread(name, `Can't be read: ${describeReadError(error)}`);
  }
}

const TOO_MUCH = `Not read: all samples together are larger than ${SAMPLE_LIMITS.totalBytes / 1024 / 1024} MiB`;

function unread(name: string, problem: string): Sample {
  return { name, text: null, revision: null, problem };
}

/** Never what a link leads to. @throws as `readBoundedFile` does */
export function readSampleFile(path: string): Promise<Buffer> {
  return readBoundedFile(path, { maxBytes: SAMPLE_LIMITS.bytes, followLinks: false });
}

/** Changes with the content. */
export function revisionOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 12);
}
