import { access, constants, mkdir, mkdtemp, realpath, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config/types.ts';
import { candidateNames, type DiscoveredPlugin, discover } from '../../plugins/version/discover.ts';
import { errorCode } from '../../system/errors.ts';
import { type Finding, fine, problem, warning } from './finding.ts';

/** The folders that the workbench reads and writes. */

const MIB = 1024 * 1024;

export interface PluginsSeen {
  readonly findings: readonly Finding[];
  readonly hasPython: boolean;
}

/** Whether the plugins' folder can be read and written, and its plugins; runs none of them. */
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
      : warning(topic, `${path} contains no plugins`, 'Create one: mozaiks-workbench new hello'),
    ...left.map((notice) => warning(topic, notice, 'Change it if it should be a plugin.')),
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
  const code = errorCode(error);
  if (code === 'ENOENT') {
    const remedy =
      'Create it with a first plugin (mozaiks-workbench new hello), or choose another: --plugins, MOZAIKS_PLUGINS_PATH.';
    return problem('Plugins', `${path} does not exist`, remedy);
  }
  return problem('Plugins', `${path} can't be read (${code})`, 'Make it a folder that you can read.');
}

function describeUnwritable(path: string): Finding {
  const message = `${path} can't be written: no plugin can be created and no sample stored in it`;
  return warning('Plugins', message, 'Give yourself write permission if you need it.');
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

/**
 * Whether secret, traces and preferences can be stored, and whether there is space. `tracesMaxMb` null:
 * unknown.
 */
export async function inspectUserFolder(
  path: string,
  tracesMaxMb: Config['tracesMaxMb'] | null,
): Promise<readonly Finding[]> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    // Permissions alone don't show it: root has them all, and a file system may be read-only.
    await rm(await mkdtemp(join(path, 'doctor-')), { recursive: true });
  } catch (error) {
    const code = errorCode(error);
    const message = `${path} can't be written (${code}): secret, traces and preferences are lost after each run`;
    return [
      problem('User folder', message, 'Make it a folder that you can write to, or set XDG_CONFIG_HOME.'),
    ];
  }
  const own = fine('User folder', path);
  return tracesMaxMb === null ? [own] : [own, await inspectSpace(path, tracesMaxMb)];
}

async function inspectSpace(path: string, tracesMaxMb: number): Promise<Finding> {
  const { bavail, bsize } = await statfs(path);
  const freeMb = Math.floor((bavail * bsize) / MIB);
  const used = await stat(join(path, 'traces')).then(
    () => join(path, 'traces'),
    () => path,
  );
  if (freeMb >= tracesMaxMb)
    return fine('Traces', `${freeMb} MiB free in ${used}, ${tracesMaxMb} MiB needed`);
  return warning(
    'Traces',
    `${freeMb} MiB free in ${used}, less than the ${tracesMaxMb} MiB that traces may use`,
    'Free some space, or set MOZAIKS_TRACES_MAX_MB lower (0 stores traces in memory only).',
  );
}
