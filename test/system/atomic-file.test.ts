import { lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WorkbenchError } from '../../main/contract/errors.ts';
import {
  createFileOnce,
  loadJson,
  replaceFile,
  saveJson,
  writeChunks,
} from '../../main/system/atomic-file.ts';
import { temporaryFolder } from '../support/folders.ts';

async function scratch(): Promise<string> {
  const folder = await temporaryFolder('atomic-file');
  onTestFinished(folder.remove);
  return folder.path;
}

async function* chunks(...parts: (string | Error)[]): AsyncIterable<string> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield part;
  }
}

const isPosix = process.platform !== 'win32';

describe('replaceFile', () => {
  it('puts the content in the place of what was there, and leaves nothing else', async () => {
    const folder = await scratch();
    const path = join(folder, 'a.txt');
    await writeFile(path, 'something longer');
    await replaceFile(path, 'new', { mode: 0o600 });
    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await readdir(folder)).toEqual(['a.txt']);
    if (isPosix) expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('replaces a link instead of following it', async () => {
    const folder = await scratch();
    const [path, target] = [join(folder, 'a.txt'), join(folder, 'target.txt')];
    await writeFile(target, 'untouched');
    await symlink(target, path);
    await replaceFile(path, 'new');
    expect((await lstat(path)).isFile()).toBe(true);
    expect(await readFile(target, 'utf8')).toBe('untouched');
  });

  it('leaves no draft when it fails', async () => {
    const folder = await scratch();
    await mkdir(join(folder, 'taken'));
    await expect(replaceFile(join(folder, 'taken'), 'x')).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['taken']);
  });
});

describe('createFileOnce', () => {
  it('gives every racer what the one winner wrote', async () => {
    const folder = await scratch();
    const path = join(folder, 'secret');
    const racers = ['a', 'b', 'c', 'd'].map((content) => createFileOnce(path, content));
    const stored = await readFile(path, 'utf8').catch(() => null);
    const results = await Promise.all(racers);
    const winner = await readFile(path, 'utf8');
    expect(new Set(results)).toEqual(new Set([winner]));
    expect([null, winner]).toContain(stored);
    expect(await readdir(folder)).toEqual(['secret']);
    if (isPosix) expect((await stat(path)).mode & 0o777).toBe(0o600);
  });
});

describe('saveJson and loadJson', () => {
  it('store a value in a folder that was missing', async () => {
    const path = join(await scratch(), 'deep', 'a.json');
    await saveJson(path, { zoom: 2 });
    expect(await loadJson(path)).toEqual({ zoom: 2 });
    if (isPosix) expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('has nothing for a missing or damaged file', async () => {
    const path = join(await scratch(), 'a.json');
    expect(await loadJson(path)).toBeUndefined();
    await writeFile(path, '{"zoom":');
    expect(await loadJson(path)).toBeUndefined();
  });
});

describe('writeChunks', () => {
  it('writes the pieces one after the other, over what was there', async () => {
    const folder = await scratch();
    const path = join(folder, 'a.json');
    await writeFile(path, 'something longer that was there before');
    await writeChunks(path, chunks('{"a":', '1}'));
    expect(await readFile(path, 'utf8')).toBe('{"a":1}');
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  it('leaves what was there, and nothing else, when it fails midway', async () => {
    const folder = await scratch();
    const path = join(folder, 'a.json');
    await writeFile(path, 'before');
    const gone = new WorkbenchError('NOT_FOUND', 'gone');
    await expect(writeChunks(path, chunks('{', gone))).rejects.toBe(gone);
    expect(await readFile(path, 'utf8')).toBe('before');
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  it('names the path and the reason when it can’t write', async () => {
    const folder = await scratch();
    const path = join(folder, 'a.json');
    await mkdir(path);
    await expect(writeChunks(path, chunks('{}'))).rejects.toMatchObject({
      code: 'INTERNAL_ERROR',
      message: expect.stringMatching(/a\.json could not be written: E(ISDIR|NOTEMPTY|EXIST)/),
    });
  });
});
