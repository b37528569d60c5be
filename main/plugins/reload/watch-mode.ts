import { readFile } from 'node:fs/promises';

/** `auto`: events where the system sends them, else polling; the other two force one of them (MOZAIKS_WATCH). */
export type WatchMode = 'auto' | 'events' | 'polling';

/** File systems whose changes, made on another machine or by another system, reach no watch of this one. */
const SILENT: readonly (readonly [RegExp, string])[] = [
  [/^(9p|drvfs|v9fs)$/, 'a folder of another system (WSL or a virtual machine)'],
  [/^(vboxsf|vmhgfs|fuse\.vmhgfs-fuse|virtiofs|prl_fs)$/, 'a folder shared with a virtual machine'],
  [/^(nfs\d?|cifs|smb\d?|smbfs|afs|ncpfs|ceph|glusterfs|lustre|davfs)$/, 'a network file system'],
  [/^fuse(\..+)?$/, 'a FUSE file system'],
];

/** Why file events can't be relied on below this real path; null when they can, and where nothing tells. */
export async function silentFileSystem(
  path: string,
  mountsFile = '/proc/self/mounts',
): Promise<string | null> {
  // \\server\share, which is also how Windows reaches the files of WSL.
  if (/^[\\/]{2}[^\\/?.]/.test(path)) return 'it is a network folder';
  const mounts = await readMounts(mountsFile);
  const type = mounts === null ? null : mountType(mounts, path);
  const words = SILENT.find(([types]) => type !== null && types.test(type))?.[1];
  return words === undefined ? null : `it is on ${words}: ${type}`;
}

async function readMounts(file: string): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  try {
    return await readFile(file, 'utf8');
  } catch {
    // A sandbox without /proc: events are tried then.
    return null;
  }
}

/** The type of the file system a real path is on, from the text of /proc/self/mounts. Pure. */
export function mountType(mounts: string, path: string): string | null {
  let longest = '';
  let found: string | null = null;
  for (const line of mounts.split('\n')) {
    const [, place = '', type = ''] = line.split(' ');
    const point = place.replace(/\\([0-7]{3})/g, (_, octal: string) =>
      String.fromCharCode(parseInt(octal, 8)),
    );
    const holds = point === '/' || path === point || path.startsWith(`${point}/`);
    // Of two mounts at one place the later one hides the earlier.
    if (place === '' || !holds || point.length < longest.length) continue;
    longest = point;
    found = type;
  }
  return found;
}

/** Whether this error of a watch says that the system has no more of them to give. */
export function isExhausted(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EMFILE' || code === 'ENFILE';
}
