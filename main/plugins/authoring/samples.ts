import { randomBytes } from 'node:crypto';
import { lstat, mkdir, realpath, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { WorkbenchError } from '../../contract/errors.ts';
import { formatJson, problemWords, scanJson } from '../../contract/json-text.ts';
import { PLUGIN_NAME } from '../../contract/plugin-name.ts';
import { SAMPLE_LIMITS, type SampleList, sampleNameProblem } from '../../contract/sample.ts';
import { isInside } from '../version/discover.ts';
import { EXTENSION, listSamples, readRegular, revisionOf, sampleNames } from './sample-reading.ts';

/**
 * The sample bodies in a plugin's folder, `<plugins>/<plugin>/samples/*.json`. Threat model: names come from
 * a UI that shows what strangers sent, and folders from whoever made the plugin. A new name is of letters,
 * digits, _ and - only; an existing file is named by what the folder itself lists; neither the folder nor a
 * file is ever followed as a link; what is there is replaced only by whoever has seen it.
 */
export interface SampleFiles {
  list(plugin: string): Promise<SampleList>;
  /**
   * @throws {WorkbenchError} BAD_REQUEST for a name or a body that can't be one, CONFLICT when the file is not (any more) what
   *   `replaces` names, FORBIDDEN when a link leads elsewhere, INTERNAL_ERROR with the system's reason
   */
  save(plugin: string, wish: { name: string; body: string; replaces: string | null }): Promise<SampleList>;
  /** @throws {WorkbenchError} as `save`; NOT_FOUND when there is no such sample */
  rename(plugin: string, name: string, to: string): Promise<SampleList>;
  /** @throws {WorkbenchError} NOT_FOUND, FORBIDDEN, INTERNAL_ERROR */
  delete(plugin: string, name: string): Promise<SampleList>;
}

const FOLDER = 'samples';

/** `root`: the watched folder, which may be exchanged. */
export function createSampleFiles(root: () => string): SampleFiles {
  return {
    list: (plugin) => wrapErrors(async () => listSamples(plugin, await samplesFolder(root(), plugin))),
    save: (plugin, wish) =>
      wrapErrors(async () => {
        const folder = await samplesFolder(root(), plugin);
        await save(folder, wish);
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
        await unlink(await existing(folder, name));
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
      `The folder of ${plugin} links to a place outside of the watched folder`,
    );
  }
  const folder = join(own, FOLDER);
  const stats = await statsOf(folder);
  if (stats === null || stats.isDirectory()) return folder;
  const what = stats.isSymbolicLink() ? 'a link, which is not followed' : 'no folder';
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
  const path = await existing(folder, name);
  const present = await readRegular(path, SAMPLE_LIMITS.totalBytes);
  if (typeof present === 'string') throw new WorkbenchError('CONFLICT', `${name}${EXTENSION}: ${present}`);
  if (revisionOf(present) !== replaces) {
    throw new WorkbenchError('CONFLICT', `${name}${EXTENSION} was changed on disk and was left as it is`);
  }
  await replaceWhole(path, content);
}

/** A body as it is written: laid out, with a final newline, every value as it was typed. */
function contentOf(body: string): string {
  const { problem } = scanJson(body);
  const laidOut = formatJson(body);
  if (problem !== null || laidOut === null) {
    const words = problem === null ? '' : `: ${problemWords(body, problem)}`;
    throw new WorkbenchError('BAD_REQUEST', `Only JSON can be kept as a sample${words}`);
  }
  const content = `${laidOut}\n`;
  const bytes = Buffer.byteLength(content);
  if (bytes <= SAMPLE_LIMITS.bytes) return content;
  const [size, most] = [Math.ceil(bytes / 1024), SAMPLE_LIMITS.bytes / 1024];
  throw new WorkbenchError('BAD_REQUEST', `A sample may have ${most} KiB; this one has ${size}`);
}

function assertName(name: string): void {
  const problem = sampleNameProblem(name);
  if (problem !== null) throw new WorkbenchError('BAD_REQUEST', problem);
}

/** Exclusive: follows no link and touches nothing that is there. */
async function createNew(path: string, name: string, content: string): Promise<void> {
  try {
    await writeFile(path, content, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw taken(name);
    throw error;
  }
}

/**
 * Written beside and renamed: no reader meets half a file, and a link that has come meanwhile is replaced,
 * not followed.
 */
async function replaceWhole(path: string, content: string): Promise<void> {
  const beside = join(path, '..', `.${randomBytes(6).toString('hex')}~`);
  try {
    await writeFile(beside, content, { flag: 'wx' });
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

async function renameSample(folder: string, name: string, to: string): Promise<void> {
  assertName(to);
  const [from, target] = [await existing(folder, name), join(folder, to + EXTENSION)];
  const [own, other] = await Promise.all([lstat(from), statsOf(target)]);
  // Where letter case makes no difference, the other may be the very same file.
  if (other !== null && (other.ino !== own.ino || name.toLowerCase() !== to.toLowerCase())) throw taken(to);
  await rename(from, target);
}

/** The path of a sample that the folder lists. A name that could lead elsewhere is none of them. */
async function existing(folder: string, name: string): Promise<string> {
  if ((await sampleNames(folder)).includes(name)) return join(folder, name + EXTENSION);
  throw new WorkbenchError('NOT_FOUND', `There is no sample '${name}' (any more)`);
}

function taken(name: string): WorkbenchError {
  return new WorkbenchError('CONFLICT', `There is a sample named ${name} already; it was left as it is`);
}

/** Of the thing itself, also where it is a link; null when there is nothing. */
async function statsOf(path: string) {
  try {
    return await lstat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** The system's own errors with a code, so that whoever asked learns the reason. */
async function wrapErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof WorkbenchError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new WorkbenchError('NOT_FOUND', 'The plugin’s folder is not there any more');
    throw new WorkbenchError('INTERNAL_ERROR', `The samples can't be reached: ${message}`, { cause: error });
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
