import { execFileSync } from 'node:child_process';
import { mkdir, open, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answering, bench, eventually, live, makeFolder } from '../workspace.ts';

/** The cases F7 and F8: odd files, and a watched folder that comes and goes. */
describe('the watched folder', () => {
  it('F7 ignores what can be no plugin, with a notice, and never hangs', async () => {
    const folder = await makeFolder({
      'good/logic.js': answering('good'),
      'spaced name/logic.js': answering(1),
      'REGISTRY/logic.js': answering(1),
      'registry/backend/logic.py': 'def execute(data):\n    return {}\n',
    });
    const outside = await makeFolder({ 'secret/logic.js': answering('secret') });
    for (const name of ['loop', 'fifo', 'dir/logic.js', 'out', 'big', 'both'])
      await mkdir(join(folder, name), { recursive: true });
    await symlink('logic.js', join(folder, 'loop/logic.js'));
    await symlink(folder, join(folder, 'selfish'));
    execFileSync('mkfifo', [join(folder, 'fifo/logic.js'), join(folder, 'good/manifest.json')]);
    await symlink(join(outside, 'secret/logic.js'), join(folder, 'out/logic.js'));
    await symlink(join(outside, 'secret'), join(folder, 'linked'));
    const big = await open(join(folder, 'big/logic.js'), 'w');
    await big.truncate(100 * 1024 * 1024);
    await big.close();
    await mkdir(join(folder, 'both/logic.ts'));
    await writeFile(join(folder, 'both/logic.js'), answering('both'));
    for (const name of ['.hidden', '_private', 'node_modules']) await mkdir(join(folder, name));
    await writeFile(join(folder, '_private/logic.js'), answering(1));

    const b = await bench({}, { path: folder });
    expect(b.engine.list().map(({ name }) => name)).toEqual(['both', 'good']);
    expect(await b.value('good')).toEqual({ v: 'good' });
    expect(await b.value('both')).toEqual({ v: 'both' });
    expect(b.engine.get('good')?.notice).toContain(
      "manifest.json can't be read: it is a FIFO, not a regular file",
    );
    expect(b.engine.get('both')?.notice).toBe('logic.ts is ignored: it is a directory');
    expect(b.engine.folder().notice?.split('\n').sort()).toEqual([
      'REGISTRY: ignored, since production skips a folder of this name; rename it',
      'big: logic.js is ignored: it is 100.0 MB; the limit is 5 MB',
      'dir: logic.js is ignored: it is a directory',
      'fifo: logic.js is ignored: it is not a regular file',
      'linked: ignored, since it links to a place outside the watched folder',
      'loop: logic.js is ignored: it is a symbolic link that leads to itself',
      "out: logic.js is ignored: it links to a file outside the plugin's folder",
      'registry: ignored, since production skips a folder of this name; rename it',
      "spaced name: ignored, since a plugin's name may contain letters, digits, _ and - only, at most 64",
    ]);
    await b.write('good/logic.js', answering('still reloading'));
    await live(b, 'still reloading', 'good');
  });

  it('F8 shows that the folder is gone and resumes when it is back', async () => {
    const b = await bench({ 'p/logic.ts': answering(1) });
    await rm(b.folder, { recursive: true });
    await eventually(() => b.engine.folder().state, { timeout: 5_000 }).toBe('missing');
    expect(b.engine.folder().notice).toContain('does not exist');
    await eventually(() => b.engine.list()).toEqual([]);
    await b.write('p/logic.ts', answering(2));
    await live(b, 2);
    expect(b.engine.folder()).toMatchObject({ state: 'watching', notice: null });
    await b.write('p/logic.ts', answering(3));
    await live(b, 3);
  });

  it('F8 starts without a folder and finds it later', async () => {
    const parent = await makeFolder();
    const b = await bench({}, { path: join(parent, 'later') });
    expect(b.engine.folder().state).toBe('missing');
    expect(b.engine.list()).toEqual([]);
    await mkdir(join(parent, 'later/p'), { recursive: true });
    await writeFile(join(parent, 'later/p/logic.js'), answering('late'));
    await live(b, 'late');
  });

  it("F8 keeps serving while the folder can't be read, and resumes", async () => {
    const b = await bench({ 'p/logic.ts': answering(1) });
    const aside = `${b.folder}-aside`;
    // A file in its place can't be read as a folder by anyone, root included.
    await rename(b.folder, aside);
    await writeFile(b.folder, 'not a folder');
    await eventually(() => b.engine.folder().state, { timeout: 5_000 }).toBe('unreadable');
    await rm(b.folder);
    await rename(aside, b.folder);
    await eventually(() => b.engine.folder().state, { timeout: 5_000 }).toBe('watching');
    await live(b, 1);
    await b.write('p/logic.ts', answering(2));
    await live(b, 2);
  });
});
