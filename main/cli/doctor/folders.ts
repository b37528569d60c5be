import { access, constants, mkdir, mkdtemp, realpath, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config/types.ts';
import { candidateNames, type DiscoveredPlugin, discover } from '../../plugins/version/discover.ts';
import { type Finding, fine, problem, warning } from './finding.ts';

/** The folders that the workbench reads and writes. */

const MIB = 1024 * 1024;

export interface PluginsSeen {
  readonly findings: readonly Finding[];
  readonly hasPython: boolean;
}

/** Whether the plugins' folder can be read and written, and what is in it; no plugin is run. */
export async function inspectPlugins(path: string): Promise<PluginsSeen> {
  const topic = 'Plugins';
  let names: readonly string[];
  try {
    names = await candidateNames(path);
  } catch (error) {
    return { findings: [describeUnreadable(path, error)], hasPython: false };
  }
  const root = await realpath(path);
  const found = await Promise.all(names.map((name) => discover(root, name)));
  const plugins = found.flatMap((one) => (one.kind === 'plugin' ? [one.plugin] : []));
  const left = found.flatMap((one) => (one.kind === 'unreadable' ? [one.reason] : listNotices(one)));
  const findings = [
    plugins.length > 0
      ? fine(topic, `${path}: ${formatPluginCount(plugins)}`)
      : warning(topic, `${path} holds no plugin`, 'Make one: mozaiks-workbench new hello'),
    ...left.map((notice) => warning(topic, notice, 'Change what is named, if it is to be a plugin.')),
    ...((await isWritable(path)) ? [] : [describeUnwritable(path)]),
  ];
  return { findings, hasPython: plugins.some(({ language }) => language === 'python') };
}

function listNotices(found: Awaited<ReturnType<typeof discover>>): readonly string[] {
  if (found.kind === 'none') return found.notice === null ? [] : [found.notice];
  return found.kind === 'plugin' && found.plugin.notice !== null
    ? [`${found.plugin.name}: ${found.plugin.notice}`]
    : [];
}

function describeUnreadable(path: string, error: unknown): Finding {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') {
    const remedy =
      'Make it with a first plugin (mozaiks-workbench new hello), or name another: --plugins, MOZAIKS_PLUGINS_PATH.';
    return problem('Plugins', `${path} does not exist`, remedy);
  }
  return problem('Plugins', `${path} can't be read (${code})`, 'Make it a folder that you may read.');
}

function describeUnwritable(path: string): Finding {
  const message = `${path} can't be written: no plugin can be made and no sample kept in it`;
  return warning('Plugins', message, 'Give yourself the right to write there, if you want to.');
}

function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}

function formatPluginCount(plugins: readonly DiscoveredPlugin[]): string {
  const languages = [...new Set(plugins.map(({ language }) => language))].sort();
  const parts = languages.map((one) => `${plugins.filter(({ language }) => language === one).length} ${one}`);
  return `${plugins.length} plugin${plugins.length === 1 ? '' : 's'} (${parts.join(', ')})`;
}

/** Whether the secret, traces and choices can be kept, and whether there is room. `tracesMaxMb` null: it is not known. */
export async function inspectUserFolder(
  path: string,
  tracesMaxMb: Config['tracesMaxMb'] | null,
): Promise<readonly Finding[]> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    // Rights alone don't tell: root has them all, and a file system may be read-only.
    await rm(await mkdtemp(join(path, 'doctor-')), { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message = `${path} can't be written (${code}): secret, traces and choices end with each run`;
    return [problem('User folder', message, 'Make it a folder that you may write, or set XDG_CONFIG_HOME.')];
  }
  const own = fine('User folder', path);
  return tracesMaxMb === null ? [own] : [own, await inspectRoom(path, tracesMaxMb)];
}

async function inspectRoom(path: string, tracesMaxMb: number): Promise<Finding> {
  const { bavail, bsize } = await statfs(path);
  const freeMb = Math.floor((bavail * bsize) / MIB);
  const used = await stat(join(path, 'traces')).then(
    () => join(path, 'traces'),
    () => path,
  );
  if (freeMb >= tracesMaxMb)
    return fine('Traces', `${freeMb} MiB free in ${used}, ${tracesMaxMb} MiB wanted`);
  return warning(
    'Traces',
    `${freeMb} MiB free in ${used}, less than the ${tracesMaxMb} MiB that traces may take`,
    'Free some room, or set MOZAIKS_TRACES_MAX_MB lower (0 keeps traces in memory).',
  );
}
