import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDocumentStore } from '../../main/documents/store.ts';
import { temporaryFolder } from '../support/folders.ts';

async function scratch(): Promise<string> {
  const folder = await temporaryFolder('documents');
  onTestFinished(folder.remove);
  return join(folder.path, 'app-a');
}

describe('createDocumentStore', () => {
  it('reads nothing from a collection that was never written', async () => {
    expect(await createDocumentStore(await scratch()).read('subscriptions')).toEqual([]);
  });

  it('stores what a change left, for its user alone, and returns what the change returned', async () => {
    const folder = await scratch();
    const store = createDocumentStore(folder);
    expect(await store.update('usage', (documents) => documents.push({ used: 1 }))).toBe(1);
    expect(await createDocumentStore(folder).read('usage')).toEqual([{ used: 1 }]);
    expect(await readdir(folder)).toEqual(['usage.json']);
    if (process.platform === 'win32') return;
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, 'usage.json'))).mode & 0o777).toBe(0o600);
  });

  it('runs the changes of one collection one after the other', async () => {
    const store = createDocumentStore(await scratch());
    await Promise.all(
      Array.from({ length: 50 }, (_, index) => store.update('usage', (list) => list.push({ index }))),
    );
    expect(await store.read('usage')).toEqual(Array.from({ length: 50 }, (_, index) => ({ index })));
  });

  it('stores nothing of a change that throws, and goes on', async () => {
    const store = createDocumentStore(await scratch());
    const failing = store.update('usage', (documents) => {
      documents.push({ used: 1 });
      throw new Error('changed its mind');
    });
    await expect(failing).rejects.toThrow('changed its mind');
    await store.update('usage', (documents) => documents.push({ used: 2 }));
    expect(await store.read('usage')).toEqual([{ used: 2 }]);
  });

  it('refuses a damaged file and leaves it as it is', async () => {
    const folder = await scratch();
    const path = join(folder, 'usage.json');
    await mkdir(folder, { recursive: true });
    const deep = `[{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}]`;
    for (const content of ['[{"used":1}', '{}', '[1]', 'null', deep]) {
      await writeFile(path, content);
      const store = createDocumentStore(folder);
      const refusal = { code: 'CONFLICT', message: expect.stringContaining(`${path} contains no documents`) };
      await expect(store.read('usage')).rejects.toMatchObject(refusal);
      await expect(store.update('usage', (list) => list.push({}))).rejects.toMatchObject(refusal);
      expect(await readFile(path, 'utf8')).toBe(content);
    }
  });

  it('lets no name leave the folder', async () => {
    const store = createDocumentStore(await scratch());
    for (const name of ['', '../usage', 'a/b', '.', 'a.b', 'x'.repeat(65)]) {
      await expect(store.read(name)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    }
  });
});
