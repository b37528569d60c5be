import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { WorkbenchError } from '../../main/contract/errors.ts';
import { writeChunks } from '../../main/system/write-chunks.ts';
import { temporaryFolder } from '../support/folders.ts';

async function scratch(): Promise<string> {
  const folder = await temporaryFolder('write-chunks');
  onTestFinished(folder.remove);
  return folder.path;
}

async function* chunks(...parts: (string | Error)[]): AsyncIterable<string> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield part;
  }
}

it('writes the pieces one after the other, over what stood there', async () => {
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
