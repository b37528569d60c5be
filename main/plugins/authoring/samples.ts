import { lstat, mkdir, realpath, rename, unlink, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { WorkbenchError } from '../../contract/errors.ts';
import { formatJson, problemWords, scanJson } from '../../contract/json-text.ts';
import { PLUGIN_NAME } from '../../contract/plugin-name.ts';
import { SAMPLE_LIMITS, type SampleList, sampleNameProblem } from '../../contract/sample.ts';
import { replaceFile } from '../../system/atomic-file.ts';
import { errorMessage, hasErrorCode } from '../../system/errors.ts';
import { isInside } from '../../system/paths.ts';
import { UnreadableFileError } from '../../system/read-file.ts';
import { EXTENSION, listSamples, readSampleFile, revisionOf, sampleNames } from './sample-reading.ts';

/**
 * The sample bodies in a plugin's folder, `<plugins>/<plugin>/samples/*.json`. Threat model: names come from
 * a UI that shows what strangers sent, and folders from the plugin's author. A new name consists of letters,
 * digits, _ and - only; an existing file is named by what the folder itself lists; neither the folder nor a
 * file is ever followed as a link; a file is replaced only by a caller that has seen it.
 */
export interface SampleFiles {
  list(plugin: string): Promise<SampleList>;
  /**
   * @throws {WorkbenchError} BAD_REQUEST for a name or a body that can't be one, CONFLICT when the file is no
   *   longer what `replaces` names, FORBIDDEN when a link leads elsewhere, INTERNAL_ERROR with the system's
   *   reason
   */
  save(plugin: string, input: { name: string; body: string; replaces: string | null }): Promise<SampleList>;
  /** @throws {WorkbenchError} as `save`; NOT_FOUND when there is no such sample */
  rename(plugin: string, name: string, to: string): Promise<SampleList>;
  /** @throws {WorkbenchError} NOT_FOUND, FORBIDDEN, INTERNAL_ERROR */
  delete(plugin: string, name: string): Promise<SampleList>;
}

const FOLDER = 'samples';

/** `root`: the watched folder, which may change. */
export function createSampleFiles(root: () => string): SampleFiles {
  return {
    list: (plugin) => wrapErrors(async () => listSamples(plugin, await samplesFolder(root(), plugin))),
    save: (plugin, input) =>
      wrapErrors(async () => {
        const folder = await samplesFolder(root(), plugin);
        await save(folder, input);
        return listSamples(plugin, folder);
      }),
    rename: (plugin, name, to) =>
      wrapErrors(async () => {
        const folder = await samplesFolder(root(), plugin);
        await renameSample(folder, name, to);
        return listSamples(plugin, folder);
      }),
    delete: (plugin, name) =>
      wrapErrors(async () => {
        const folder = await samplesFolder(root(), plugin);
        await unlink(await requireSample(folder, name));
        return listSamples(plugin, folder);
      }),
  };
}

/** Where the samples of a plugin are, or would be; never a link out of the plugin's own folder. */
async function samplesFolder(root: string, plugin: string): Promise<string> {
  if (!PLUGIN_NAME.test(plugin))
    throw new WorkbenchError('NOT_FOUND', `There is no plugin named '${plugin}'`);
  const [home, own] = await Promise.all([realpath(root), realpath(join(root, plugin))]);
  if (!isInside(home, own)) {
    throw new WorkbenchError(
      'FORBIDDEN',
      `The folder of ${plugin} links to a place outside the watched folder`,
    );
  }
  const folder = join(own, FOLDER);
  const stats = await statsOf(folder);
  if (stats === null || stats.isDirectory()) return folder;
  const what = stats.isSymbolicLink() ? 'a link, which is not followed' : 'not a folder';
  throw new WorkbenchError(
    'FORBIDDEN',
    `${plugin}/${FOLDER} is ${what}: make it a folder of the plugin's own`,
  );
}

async function save(
  folder: string,
  { name, body, replaces }: { name: string; body: string; replaces: string | null },
): Promise<void> {
  const content = contentOf(body);
  if (replaces === null) {
    assertName(name);
    await mkdir(folder, { recursive: true });
    await createNew(join(folder, name + EXTENSION), name, content);
    return;
  }
  const path = await requireSample(folder, name);
  if (revisionOf(await readSampleFile(path)) !== replaces) {
    throw new WorkbenchError('CONFLICT', `${name}${EXTENSION} was changed on disk and was left as it is`);
  }
  await replaceFile(path, content);
}

/** A body as it is stored: formatted, with a final newline, every value as it was typed. */
function contentOf(body: string): string {
  const { problem } = scanJson(body);
  const formatted = formatJson(body);
  if (problem !== null || formatted === null) {
    const reason = problem === null ? '' : `: ${problemWords(body, problem)}`;
    throw new WorkbenchError('BAD_REQUEST', `Only JSON can be stored as a sample${reason}`);
  }
  const content = `${formatted}\n`;
  const bytes = Buffer.byteLength(content);
  if (bytes <= SAMPLE_LIMITS.bytes) return content;
  const [size, most] = [Math.ceil(bytes / 1024), SAMPLE_LIMITS.bytes / 1024];
  throw new WorkbenchError('BAD_REQUEST', `A sample may have at most ${most} KiB; this one has ${size}`);
}

function assertName(name: string): void {
  const problem = sampleNameProblem(name);
  if (problem !== null) throw new WorkbenchError('BAD_REQUEST', problem);
}

/** Exclusive: follows no link and touches nothing that exists. */
async function createNew(path: string, name: string, content: string): Promise<void> {
  try {
    await writeFile(path, content, { flag: 'wx' });
  } catch (error) {
    if (hasErrorCode(error, 'EEXIST')) throw taken(name);
    throw error;
  }
}

async function renameSample(folder: string, name: string, to: string): Promise<void> {
  assertName(to);
  const [from, target] = [await requireSample(folder, name), join(folder, to + EXTENSION)];
  const [own, other] = await Promise.all([lstat(from), statsOf(target)]);
  // Where names are case-insensitive, the other may be the same file.
  if (other !== null && (other.ino !== own.ino || name.toLowerCase() !== to.toLowerCase())) throw taken(to);
  await rename(from, target);
}

/** The path of a sample that the folder lists; a name that could lead elsewhere is never one of them. */
async function requireSample(folder: string, name: string): Promise<string> {
  if ((await sampleNames(folder)).includes(name)) return join(folder, name + EXTENSION);
  throw new WorkbenchError('NOT_FOUND', `Sample '${name}' not found`);
}

function taken(name: string): WorkbenchError {
  return new WorkbenchError('CONFLICT', `Sample '${name}' already exists and was left as it is`);
}

/** Of the entry itself, even if it is a link; null when there is none. */
async function statsOf(path: string) {
  try {
    return await lstat(path);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** Gives the system's errors a code of ours, so that the caller learns the reason. */
async function wrapErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof WorkbenchError) throw error;
    if (error instanceof UnreadableFileError)
      throw new WorkbenchError('CONFLICT', error.message, { cause: error });
    if (hasErrorCode(error, 'ENOENT')) {
      throw new WorkbenchError('NOT_FOUND', 'The plugin’s folder no longer exists');
    }
    const message = `Could not access the samples: ${errorMessage(error)}`;
    throw new WorkbenchError('INTERNAL_ERROR', message, { cause: error });
  }
}

/** The plugins whose samples a change on disk concerns; `root` is the watched folder's real path. */
export function sampleOwners(changes: readonly { readonly path: string }[], root: string): Set<string> {
  const owners = changes.flatMap(({ path }) => {
    const [plugin = '', folder, ...rest] = relative(root, path).split(sep);
    return folder === FOLDER && rest.length <= 1 ? [plugin] : [];
  });
  return new Set(owners);
}
