import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { describeReadError, readBoundedFile, UnreadableFileError } from '../../main/system/read-file.ts';
import { temporaryFolder } from '../support/folders.ts';

async function scratch(): Promise<string> {
  const folder = await temporaryFolder('read-file');
  onTestFinished(folder.remove);
  return folder.path;
}

/** Why it was not read, as its caller shows it. */
async function reasonOf(reading: Promise<Buffer>): Promise<string> {
  return reading.then(
    (content) => `read: ${content.length} bytes`,
    (error: unknown) => describeReadError(error),
  );
}

it('reads a file up to its limit', async () => {
  const path = join(await scratch(), 'a.txt');
  await writeFile(path, '12345');
  expect((await readBoundedFile(path, { maxBytes: 5 })).toString()).toBe('12345');
  await expect(readBoundedFile(path, { maxBytes: 4 })).rejects.toThrow(
    `${path} can't be read: it is larger than the limit of 4 bytes; make it smaller`,
  );
});

it('reads an empty one', async () => {
  const path = join(await scratch(), 'a.txt');
  await writeFile(path, '');
  expect(await readBoundedFile(path, { maxBytes: 0 })).toEqual(Buffer.alloc(0));
});

it('reads one larger than its chunks', async () => {
  const path = join(await scratch(), 'a.txt');
  const content = Buffer.alloc(300_000, 'abc');
  await writeFile(path, content);
  expect((await readBoundedFile(path, { maxBytes: 1024 * 1024 })).equals(content)).toBe(true);
});

it.runIf(process.platform === 'linux')('bounds what a file gives whose size says nothing', async () => {
  // Its size is 0 to stat, as that of everything in /proc.
  const status = '/proc/self/status';
  expect((await readBoundedFile(status, { maxBytes: 100_000 })).length).toBeGreaterThan(500);
  expect(await reasonOf(readBoundedFile(status, { maxBytes: 10 }))).toContain('larger than the limit of 10');
});

it('follows a link only where it may', async () => {
  const folder = await scratch();
  await writeFile(join(folder, 'a.txt'), 'x');
  await symlink(join(folder, 'a.txt'), join(folder, 'link'));
  const link = join(folder, 'link');
  expect(await reasonOf(readBoundedFile(link, { maxBytes: 5, followLinks: false }))).toBe(
    'it is a link, which is not followed here; put the file itself there',
  );
  expect(await reasonOf(readBoundedFile(link, { maxBytes: 5 }))).toBe('read: 1 bytes');
});

it.runIf(process.platform !== 'win32')('opens neither folder, FIFO, socket nor device', async () => {
  const folder = await scratch();
  const at = (name: string) => join(folder, name);
  await mkdir(at('sub'));
  await promisify(execFile)('mkfifo', [at('pipe')]);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(at('socket'), resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  await symlink('/dev/zero', at('zero'));
  const reasons = ['sub', 'pipe', 'socket', 'zero'].map((name) =>
    reasonOf(readBoundedFile(at(name), { maxBytes: 5 })),
  );
  expect(await Promise.all(reasons)).toEqual([
    'it is a folder, not a regular file; put a regular file there',
    'it is a FIFO, not a regular file; put a regular file there',
    'it is a socket, not a regular file; put a regular file there',
    'it is a device, not a regular file; put a regular file there',
  ]);
});

it('leaves the system’s error to the caller', async () => {
  const path = join(await scratch(), 'missing');
  const reading = readBoundedFile(path, { maxBytes: 5 });
  await expect(reading).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(reading).rejects.not.toBeInstanceOf(UnreadableFileError);
  expect(await reasonOf(readBoundedFile(path, { maxBytes: 5 }))).toBe('ENOENT');
});
