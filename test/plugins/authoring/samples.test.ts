import { execFileSync } from 'node:child_process';
import { lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { SAMPLE_LIMITS } from '../../../main/contract/sample.ts';
import { createSampleFiles, sampleOwners } from '../../../main/plugins/authoring/samples.ts';
import { answering, bench, eventually, makeFolder } from '../workspace.ts';

const PLUGIN = { 'p/logic.js': answering(1) };

async function samplesOf(files: Readonly<Record<string, string>> = {}) {
  const root = await makeFolder({ ...PLUGIN, ...files });
  return { root, folder: join(root, 'p/samples'), files: createSampleFiles(() => root) };
}

const isNew = { replaces: null };

describe('samples in a plugin’s folder', () => {
  it('writes a body laid out, values as typed, with a final newline', async () => {
    const { folder, files } = await samplesOf();
    const body = '{"id":12345678901234567890,"rate":1.0,"tags":[]}';
    const { samples } = await files.save('p', { name: 'first', body, ...isNew });
    const text = '{\n  "id": 12345678901234567890,\n  "rate": 1.0,\n  "tags": []\n}';
    expect(await readFile(join(folder, 'first.json'), 'utf8')).toBe(`${text}\n`);
    expect(samples).toEqual([{ name: 'first', text, revision: expect.any(String), problem: null }]);
    expect(await readdir(folder)).toEqual(['first.json']);
  });

  it('lists none where there is no folder, and creates none by listing', async () => {
    const { root, files } = await samplesOf();
    expect(await files.list('p')).toEqual({ plugin: 'p', samples: [], notice: null });
    expect(await readdir(join(root, 'p'))).toEqual(['logic.js']);
  });

  it('replaces only what was seen', async () => {
    const { folder, files } = await samplesOf();
    const first = await files.save('p', { name: 'a', body: '1', ...isNew });
    const seen = first.samples[0]?.revision ?? '';
    await expect(files.save('p', { name: 'a', body: '2', ...isNew })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('already'),
    });
    await writeFile(join(folder, 'a.json'), '"from git"\n');
    await expect(files.save('p', { name: 'a', body: '2', replaces: seen })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('changed on disk'),
    });
    expect(await readFile(join(folder, 'a.json'), 'utf8')).toBe('"from git"\n');
    const present = (await files.list('p')).samples[0]?.revision ?? '';
    const saved = await files.save('p', { name: 'a', body: '2', replaces: present });
    expect(saved.samples).toMatchObject([{ name: 'a', text: '2' }]);
    await rm(join(folder, 'a.json'));
    await expect(files.save('p', { name: 'a', body: '3', replaces: present })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('renames, never over another, and deletes', async () => {
    const { files } = await samplesOf({ 'p/samples/a.json': '1\n', 'p/samples/b.json': '2\n' });
    await expect(files.rename('p', 'a', 'b')).rejects.toMatchObject({ code: 'CONFLICT' });
    expect((await files.rename('p', 'a', 'c')).samples.map(({ name }) => name)).toEqual(['b', 'c']);
    expect((await files.delete('p', 'b')).samples.map(({ name }) => name)).toEqual(['c']);
    await expect(files.delete('p', 'b')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(files.rename('p', 'b', 'd')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it.each([
    ['', 'needs a name'],
    ['../logic', 'letters, digits'],
    ['a/b', 'letters, digits'],
    ['a\\b', 'letters, digits'],
    ['.hidden', 'letters, digits'],
    ['a.b', 'letters, digits'],
    ['a\0', 'letters, digits'],
    ['é', 'letters, digits'],
    ['nul', 'device'],
    ['x'.repeat(65), '64 characters'],
  ])('refuses the name %j', async (name, words) => {
    const { root, files } = await samplesOf({ 'p/samples/a.json': '1\n' });
    const refusal = { code: 'BAD_REQUEST', message: expect.stringContaining(words) };
    await expect(files.save('p', { name, body: '{}', ...isNew })).rejects.toMatchObject(refusal);
    await expect(files.rename('p', 'a', name)).rejects.toMatchObject(refusal);
    expect((await readdir(join(root, 'p'), { recursive: true })).sort()).toEqual([
      'logic.js',
      'samples',
      'samples/a.json',
    ]);
  });

  it.each(['../logic', '..', '../../p/samples/a', 'a/../a', '/etc/passwd'])(
    'reaches nothing outside by the old name %j',
    async (name) => {
      const { root, files } = await samplesOf({ 'p/samples/a.json': '1\n', 'p/logic.json': 'keep' });
      const wish = { name, body: '{}', replaces: 'abc' };
      await expect(files.save('p', wish)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(files.rename('p', name, 'b')).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(files.delete('p', name)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      expect(await readFile(join(root, 'p/logic.json'), 'utf8')).toBe('keep');
    },
  );

  it.each(['..', '../p', '', 'p/..', '.', 'nobody'])('knows no plugin %j', async (plugin) => {
    const { files } = await samplesOf();
    await expect(files.list(plugin)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const wish = { name: 'a', body: '{}', ...isNew };
    await expect(files.save(plugin, wish)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('follows no link: neither the folder, nor a file, nor the plugin’s own', async () => {
    const elsewhere = await makeFolder({ 'secret.json': '"secret"', 'q/logic.js': answering(1) });
    const { root, folder, files } = await samplesOf();
    await symlink(elsewhere, folder);
    await expect(files.list('p')).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const wish = { name: 'a', body: '{}', ...isNew };
    await expect(files.save('p', wish)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await rm(folder);
    await mkdir(folder);
    await symlink(join(elsewhere, 'secret.json'), join(folder, 'link.json'));
    await symlink(join(elsewhere, 'new.json'), join(folder, 'open.json'));
    expect((await files.list('p')).samples).toMatchObject([
      {
        name: 'link',
        text: null,
        problem: "Can't be read: it is a link, which is not followed here; put the file itself there",
      },
      {
        name: 'open',
        text: null,
        problem: "Can't be read: it is a link, which is not followed here; put the file itself there",
      },
    ]);
    for (const [name, replaces] of [
      ['link', null],
      ['link', 'abc'],
      ['open', null],
    ] as const) {
      await expect(files.save('p', { name, body: '{}', replaces })).rejects.toMatchObject({
        code: 'CONFLICT',
      });
    }
    await symlink(join(elsewhere, 'q'), join(root, 'q'));
    await expect(files.list('q')).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect((await readdir(elsewhere)).sort()).toEqual(['q', 'secret.json']);
    expect(await readFile(join(elsewhere, 'secret.json'), 'utf8')).toBe('"secret"');
    await files.delete('p', 'link');
    expect((await lstat(join(elsewhere, 'secret.json'))).isFile()).toBe(true);
  });

  it('lists what it can’t use with the reason, and waits for no FIFO', async () => {
    const { folder, files } = await samplesOf({
      'p/samples/broken.json': '{\n  "a": 1,\n}\n',
      'p/samples/bom.json': '\ufeff{"a": 1}\r\n',
      'p/samples/huge.json': `"${'x'.repeat(SAMPLE_LIMITS.bytes)}"`,
      'p/samples/notes.txt': 'no sample',
      'p/samples/.hidden.json': '{}',
    });
    await mkdir(join(folder, 'folder.json'));
    execFileSync('mkfifo', [join(folder, 'pipe.json')]);
    expect((await files.list('p')).samples).toEqual([
      { name: 'bom', text: '{"a": 1}', revision: expect.any(String), problem: null },
      {
        name: 'broken',
        text: '{\n  "a": 1,\n}',
        revision: expect.any(String),
        problem: 'Not JSON. Line 3, column 1: a comma with nothing after it',
      },
      {
        name: 'folder',
        text: null,
        revision: null,
        problem: "Can't be read: it is a folder, not a regular file; put a regular file there",
      },
      {
        name: 'huge',
        text: null,
        revision: null,
        problem: "Can't be read: it is larger than the limit of 256 KiB; make it smaller",
      },
      {
        name: 'pipe',
        text: null,
        revision: null,
        problem: "Can't be read: it is a FIFO, not a regular file; put a regular file there",
      },
    ]);
  });

  it('stores only JSON of a fair size', async () => {
    const { root, files } = await samplesOf();
    const save = (body: string) => files.save('p', { name: 'a', body, ...isNew });
    await expect(save('{oops')).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: 'Only JSON can be stored as a sample: Line 1, column 2: a key needs double quotes',
    });
    await expect(save('')).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(save(`"${'x'.repeat(SAMPLE_LIMITS.bytes)}"`)).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: expect.stringContaining('256 KiB'),
    });
    expect(await readdir(join(root, 'p'))).toEqual(['logic.js']);
  });

  it('shows two hundred and says how many more there are', async () => {
    const { folder, files } = await samplesOf({ 'p/samples/s000.json': '0' });
    for (let n = 1; n < 203; n += 1)
      await writeFile(join(folder, `s${String(n).padStart(3, '0')}.json`), '0');
    const { samples, notice } = await files.list('p');
    expect(samples).toHaveLength(SAMPLE_LIMITS.files);
    expect(notice).toBe('3 more files are not shown; the limit is 200');
  });
});

describe('a running plugin', () => {
  it.each([
    ['JavaScript', { 'p/logic.js': answering(1) }],
    ['Python', { 'p/logic.py': 'def execute(data):\n    return {"v": 1}\n' }],
  ])(
    'in %s is not reloaded by a sample that is saved, changed, renamed or deleted',
    async (_language, source) => {
      const b = await bench(source);
      const reported: string[] = [];
      b.engine.on('samples', (plugin) => reported.push(plugin));
      await b.value('p');
      const { pid, contentHash, loadedAt } = b.engine.get('p') ?? {};
      const reloads = b.reloads.length;
      const files = createSampleFiles(() => b.folder);
      const steps = [
        () => files.save('p', { name: 'a', body: '{}', ...isNew }),
        async () => {
          const { samples } = await files.list('p');
          await files.save('p', { name: 'a', body: '{"a":1}', replaces: samples[0]?.revision ?? '' });
        },
        () => files.rename('p', 'a', 'b'),
        () => files.delete('p', 'b'),
      ];
      for (const step of steps) {
        reported.length = 0;
        await step();
        await eventually(() => reported.includes('p')).toBe(true);
        // The compiler's second look comes within this time.
        await delay(200);
      }
      expect(b.engine.get('p')).toMatchObject({ pid, contentHash, loadedAt, failure: null });
      expect(b.reloads).toHaveLength(reloads);
      expect(await b.value('p')).toEqual({ v: 1 });
    },
  );

  it('reports a sample that an editor changed, and nothing else', async () => {
    const b = await bench({
      'p/logic.js': answering(1),
      'p/samples/a.json': '1',
      'q/logic.js': answering(2),
    });
    const reported: string[] = [];
    b.engine.on('samples', (plugin) => reported.push(plugin));
    await b.write('q/notes.md', 'x');
    await b.write('p/logic.js', answering(3));
    await eventually(() => b.reloads.at(-1)?.cause).toBe('change');
    expect(reported).toEqual([]);
    await b.write('p/samples/a.json', '2');
    await eventually(() => reported).toContain('p');
    expect(new Set(reported)).toEqual(new Set(['p']));
  });
});

describe('sampleOwners', () => {
  it('matches the folder itself and the files directly in it', () => {
    const paths = [
      '/w/p/samples',
      '/w/q/samples/a.json',
      '/w/r/samples/deep/a.json',
      '/w/s/logic.js',
      '/w',
      '/x/samples/a',
    ];
    expect([
      ...sampleOwners(
        paths.map((path) => ({ path })),
        '/w',
      ),
    ]).toEqual(['p', 'q']);
  });
});
