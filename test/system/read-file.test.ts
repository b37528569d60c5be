import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { readBoundedFile } from '../../main/system/read-file.ts';
import { temporaryFolder } from '../support/folders.ts';

async function scratch(): Promise<string> {
  const folder = await temporaryFolder('read-file');
  onTestFinished(folder.remove);
  return folder.path;
}

it('reads a file up to its limit', async () => {
  const path = join(await scratch(), 'a.txt');
  await writeFile(path, '12345');
  const limits = { maxBytes: 5, followLinks: false };
  expect(await readBoundedFile(path, limits)).toEqual({ kind: 'read', content: Buffer.from('12345') });
  expect(await readBoundedFile(path, { ...limits, maxBytes: 4 })).toEqual({ kind: 'too-large', bytes: 5 });
});

it('reads an empty one', async () => {
  const path = join(await scratch(), 'a.txt');
  await writeFile(path, '');
  expect(await readBoundedFile(path, { maxBytes: 0, followLinks: true })).toEqual({
    kind: 'read',
    content: Buffer.alloc(0),
  });
});

it('bounds what a file gives whose size says nothing', async () => {
  if (process.platform !== 'linux') return;
  // Its size is 0 to stat, as that of everything in /proc.
  const limits = { maxBytes: 10, followLinks: true };
  expect(await readBoundedFile('/proc/self/status', limits)).toEqual({ kind: 'too-large', bytes: 11 });
});

it('follows a link only where it may', async () => {
  const folder = await scratch();
  await writeFile(join(folder, 'a.txt'), 'x');
  await symlink(join(folder, 'a.txt'), join(folder, 'link'));
  const read = (followLinks: boolean) => readBoundedFile(join(folder, 'link'), { maxBytes: 5, followLinks });
  expect(await read(false)).toEqual({ kind: 'link' });
  expect(await read(true)).toMatchObject({ kind: 'read' });
});

it('opens neither a folder nor a FIFO', async () => {
  const folder = await scratch();
  await mkdir(join(folder, 'sub'));
  const limits = { maxBytes: 5, followLinks: true };
  expect(await readBoundedFile(join(folder, 'sub'), limits)).toEqual({ kind: 'not-a-file' });
  if (process.platform === 'win32') return;
  await promisify(execFile)('mkfifo', [join(folder, 'pipe')]);
  expect(await readBoundedFile(join(folder, 'pipe'), limits)).toEqual({ kind: 'not-a-file' });
});

it('leaves the system’s error to the caller', async () => {
  const path = join(await scratch(), 'missing');
  await expect(readBoundedFile(path, { maxBytes: 5, followLinks: true })).rejects.toMatchObject({
    code: 'ENOENT',
  });
});
