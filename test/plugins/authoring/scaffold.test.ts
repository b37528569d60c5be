import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PluginInput } from '../../../main/contract/plugin.ts';
import { pluginNameProblem } from '../../../main/contract/plugin-name.ts';
import { createPlugin } from '../../../main/plugins/authoring/scaffold.ts';
import { scaffoldFiles } from '../../../main/plugins/authoring/scaffold-templates.ts';
import { parseManifest } from '../../../main/plugins/version/manifest.ts';
import { projectRoot } from '../../support/folders.ts';
import { returned } from '../../support/returned.ts';
import { typeErrors } from '../../support/type-errors.ts';
import { bench, eventually, makeFolder } from '../workspace.ts';

const CONTEXT = { app_id: 'a', user_id: 'u1', username: 'ada', roles: ['user'], is_superadmin: false };
const DATA = { app_id: 'a', user_id: 'u1', _entitlements: {}, _context: CONTEXT } satisfies PluginInput;

describe('a new plugin', () => {
  it.each(['typescript', 'javascript'] as const)('in %s runs at once', async (language) => {
    const { engine, folder, call } = await bench({});
    const made = await createPlugin(folder, { name: 'greeter-1', language });
    expect(made.folder).toBe(join(folder, 'greeter-1'));
    await eventually(() => engine.get('greeter-1')?.status).toBe('loaded');
    expect(engine.get('greeter-1')).toMatchObject({ language, displayName: 'Greeter 1', notice: null });
    const greeted = await call('greeter-1', { ...DATA, greeting: 'Hi' });
    expect(greeted.result).toEqual(returned({ message: 'Hi, ada!', roles: ['user'] }));
    expect(greeted.console.map(({ text }) => text)).toEqual(['greeting u1']);
    const refused = await call('greeter-1', { ...DATA, greeting: 7 });
    expect(refused.result).toMatchObject({ value: { error_code: 'BAD_GREETING' } });
  });

  it('can be created in Python without Python', async () => {
    const folder = await makeFolder();
    const { files } = await createPlugin(folder, { name: 'py', language: 'python' });
    expect(files).toEqual(['logic.py', 'manifest.json']);
    expect(await readFile(join(folder, 'py/logic.py'), 'utf8')).toContain('async def execute(data: dict)');
  });

  it('in TypeScript brings its types along, good outside of this repository', async () => {
    const folder = await makeFolder();
    await createPlugin(folder, { name: 'typed', language: 'typescript' });
    for (const moduleResolution of ['bundler', 'nodenext']) {
      expect(await typeErrors(join(folder, 'typed/logic.ts'), moduleResolution)).toBe('');
    }
    const file = join(folder, 'typed/logic.ts');
    const source = await readFile(file, 'utf8');
    await writeFile(file, source.replace('username, roles }', 'username, rolls }'));
    expect(await typeErrors(file, 'bundler')).toMatch(/'roles'/);
  });

  it('has the types of the contract, word for word', async () => {
    const { 'mozaiks.d.ts': copy = '' } = scaffoldFiles('p', 'typescript');
    const types = await readFile(join(projectRoot, 'main/contract/plugin.ts'), 'utf8');
    expect(copy.slice(copy.indexOf('declare global'))).toBe(types.slice(types.indexOf('declare global')));
  });

  it('has a manifest without a problem, whatever its name', () => {
    for (const name of ['a', '-', '7', 'my_plugin', 'x'.repeat(64)]) {
      expect(
        parseManifest(scaffoldFiles(name, 'javascript')['manifest.json'] ?? '', name).problem,
      ).toBeNull();
    }
  });
});

it('makes the plugins folder where there is none', async () => {
  const folder = join(await makeFolder(), 'deep', 'plugins');
  await createPlugin(folder, { name: 'p', language: 'javascript' });
  expect(await readdir(folder)).toEqual(['p']);
});

describe('what is there already is left as it is', () => {
  it.each([
    ['a folder', (path: string) => mkdir(join(path, 'kept'), { recursive: true })],
    ['an empty folder', (path: string) => mkdir(path)],
    ['a file', (path: string) => writeFile(path, 'kept')],
    ['a link to nothing', (path: string) => symlink('/nowhere', path)],
  ])('%s', async (_what, put) => {
    const folder = await makeFolder();
    await put(join(folder, 'p'));
    const before = await readdir(folder, { recursive: true });
    await expect(createPlugin(folder, { name: 'p', language: 'javascript' })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining(`${join(folder, 'p')} already exists`),
    });
    expect(await readdir(folder, { recursive: true })).toEqual(before);
  });

  it('by two at once: one creates it, the other is refused', async () => {
    const folder = await makeFolder();
    const both = ['javascript', 'python'] as const;
    const results = await Promise.allSettled(
      both.map((language) => createPlugin(folder, { name: 'p', language })),
    );
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await readdir(folder)).toEqual(['p']);
    expect((await readdir(join(folder, 'p'))).filter((file) => file.startsWith('logic'))).toHaveLength(1);
  });
});

describe('a name outside of the contract is refused', () => {
  it.each([
    ['', 'needs a name'],
    ['../evil', 'are skipped'],
    ['a/b', 'letters, digits, _ and - only'],
    ['a b', 'letters, digits, _ and - only'],
    ['ünïcode', 'letters, digits, _ and - only'],
    ['_hidden', 'Folders that start with _ are skipped'],
    ['.hidden', 'Folders that start with . are skipped'],
    ['__proto__', 'are skipped'],
    ['a\n', 'letters, digits, _ and - only'],
    ['x'.repeat(65), '64 characters at most'],
  ])('%j', async (name, words) => {
    const folder = await makeFolder();
    await expect(createPlugin(folder, { name, language: 'javascript' })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: expect.stringContaining(words),
    });
    expect(await readdir(folder)).toEqual([]);
    expect(pluginNameProblem(name)).toContain(words);
  });
});

it('a folder that can’t be written says why and leaves nothing behind', async () => {
  const folder = await makeFolder({ file: 'no folder' });
  await expect(
    createPlugin(join(folder, 'file'), { name: 'p', language: 'javascript' }),
  ).rejects.toMatchObject({ code: 'INTERNAL_ERROR', message: expect.stringContaining('Could not create') });
  expect(await readdir(folder)).toEqual(['file']);
});
