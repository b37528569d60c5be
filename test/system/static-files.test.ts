import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findStaticFile } from '../../main/system/static-files.ts';

async function uiFolder(): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'static-'));
  onTestFinished(() => rm(parent, { recursive: true }));
  const ui = join(parent, 'ui');
  await mkdir(join(ui, 'assets'), { recursive: true });
  await writeFile(join(ui, 'index.html'), '<p>');
  await writeFile(join(ui, 'assets', 'main.js'), '1');
  await writeFile(join(ui, 'assets', 'data.bin'), '1');
  await writeFile(join(parent, 'outside.js'), 'secret');
  await mkdir(join(parent, 'ui-neighbour'));
  await writeFile(join(parent, 'ui-neighbour', 'a.js'), 'secret');
  await symlink(join(parent, 'outside.js'), join(ui, 'linked.js'));
  return ui;
}

describe('findStaticFile', () => {
  it.each([
    ['', 'text/html; charset=utf-8'],
    ['index.html', 'text/html; charset=utf-8'],
    ['assets/main.js', 'text/javascript; charset=utf-8'],
  ])('finds %j', async (path, contentType) => {
    expect(await findStaticFile(await uiFolder(), path)).toMatchObject({ contentType });
  });

  it.each([
    '../outside.js',
    '%2e%2e/outside.js',
    '..%2foutside.js',
    'assets/../../outside.js',
    '../ui-neighbour/a.js',
    'linked.js',
    'assets',
    'assets/data.bin',
    'missing.js',
    '%00.js',
    '%zz.js',
    '/etc/hosts.js',
  ])('has nothing at %s', async (path) => {
    expect(await findStaticFile(await uiFolder(), path)).toBeNull();
  });
});
