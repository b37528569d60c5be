import { readFile } from 'node:fs/promises';
import { hasErrorCode } from '../../system/errors.ts';

/**
 * `auto`: events where the system sends them, otherwise polling; the others force one of the two
 * (MOZAIKS_WATCH).
 */
export type WatchMode = 'auto' | 'events' | 'polling';

/** File systems whose changes, made on another machine or system, reach no file watch on this one. */
const SILENT: readonly (readonly [RegExp, string])[] = [
  [/^(9p|drvfs|v9fs)$/, 'a folder of another system (WSL or a virtual machine)'],
  [/^(vboxsf|vmhgfs|fuse\.vmhgfs-fuse|virtiofs|prl_fs)$/, 'a folder shared with a virtual machine'],
  [/^(nfs\d?|cifs|smb\d?|smbfs|afs|ncpfs|ceph|glusterfs|lustre|davfs)$/, 'a network file system'],
  [/^fuse(\..+)?$/, 'a FUSE file system'],
];

/** Why file events below this real path are unreliable; null when they are reliable, or that is unknown. */
export async function silentFileSystem(
  path: string,
  mountsFile = '/proc/self/mounts',
): Promise<string | null> {
  // \\server\share, which is also how Windows reaches the files of WSL.
  if (/^[\\/]{2}[^\\/?.]/.test(path)) return 'it is a network folder';
  const mounts = await readMounts(mountsFile);
  const type = mounts === null ? null : mountType(mounts, path);
  const kind = SILENT.find(([types]) => type !== null && types.test(type))?.[1];
  return kind === undefined ? null : `it is on ${kind}: ${type}`;
}

async function readMounts(file: string): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  try {
    return await readFile(file, 'utf8');
  } catch {
    // A sandbox without /proc: then events are tried.
    return null;
  }
}

/** The type of the file system that a real path is on, from the content of /proc/self/mounts. Pure. */
export function mountType(mounts: string, path: string): string | null {
  let longest = '';
  let found: string | null = null;
  for (const line of mounts.split('\n')) {
    const [, escapedPoint = '', type = ''] = line.split(' ');
    const point = escapedPoint.replace(/\\([0-7]{3})/g, (_, octal: string) =>
      String.fromCharCode(parseInt(octal, 8)),
    );
    const contains = point === '/' || path === point || path.startsWith(`${point}/`);
    // Of two mounts at the same point the later one hides the earlier.
    if (escapedPoint === '' || !contains || point.length < longest.length) continue;
    longest = point;
    found = type;
  }
  return found;
}

/** Whether this error says that the system has no file watches left. */
export function isExhausted(error: unknown): boolean {
  return hasErrorCode(error, 'ENOSPC', 'EMFILE', 'ENFILE');
}
