import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isExhausted, mountType, silentFileSystem } from '../../../main/plugins/reload/watch-mode.ts';
import { makeFolder } from '../workspace.ts';

const MOUNTS = [
  'overlay / overlay rw 0 0',
  '/dev/sda1 /home ext4 rw 0 0',
  'C:\\134 /mnt/c 9p rw,dirsync,aname=drvfs 0 0',
  'D: /mnt/d drvfs rw 0 0',
  'server:/export /home/dev/shared nfs4 rw 0 0',
  '//server/share /srv/with\\040blank cifs rw 0 0',
  'sshfs /home/dev/remote fuse.sshfs rw 0 0',
  '/dev/sdb1 /media/stick fuseblk rw 0 0',
  'host /media/host vboxsf rw 0 0',
  'old /twice nfs rw 0 0',
  'new /twice ext4 rw 0 0',
  '',
].join('\n');

describe('mountType', () => {
  it.each([
    ['/', 'overlay'],
    ['/srv/plugins', 'overlay'],
    ['/home/dev/plugins', 'ext4'],
    ['/home/dev/shared', 'nfs4'],
    ['/home/dev/shared-not', 'ext4'],
    ['/srv/with blank/plugins', 'cifs'],
    ['/twice/plugins', 'ext4'],
  ])('finds what %s is on', (path, type) => {
    expect(mountType(MOUNTS, path)).toBe(type);
  });
});

describe('silentFileSystem', () => {
  it.each([
    ['/mnt/c/Users/dev/plugins', 'it is on a folder of another system (WSL or a virtual machine): 9p'],
    ['/mnt/d/plugins', 'it is on a folder of another system (WSL or a virtual machine): drvfs'],
    ['/home/dev/shared/plugins', 'it is on a network file system: nfs4'],
    ['/srv/with blank', 'it is on a network file system: cifs'],
    ['/home/dev/remote/plugins', 'it is on a FUSE file system: fuse.sshfs'],
    ['/media/host/plugins', 'it is on a folder shared with a virtual machine: vboxsf'],
    ['\\\\wsl$\\Debian\\plugins', 'it is a network folder'],
    ['/home/dev/plugins', null],
    ['/media/stick/plugins', null],
    ['\\\\?\\C:\\plugins', null],
  ])('says of %s: %s', async (path, words) => {
    const folder = await makeFolder();
    await writeFile(join(folder, 'mounts'), MOUNTS);
    expect(await silentFileSystem(path, join(folder, 'mounts'))).toBe(words);
  });

  it('trusts events where there is no list of mounts', async () => {
    expect(await silentFileSystem('/mnt/c/plugins', '/nowhere/mounts')).toBeNull();
  });
});

it('knows the errors of a system without watches', () => {
  expect(['ENOSPC', 'EMFILE', 'ENFILE', 'EACCES'].map((code) => isExhausted({ code }))).toEqual([
    true,
    true,
    true,
    false,
  ]);
});
