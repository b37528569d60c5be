import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../support/folders.ts';
import { commandLine } from './command-line.ts';

async function folder(): Promise<string> {
  const { path, remove } = await temporaryFolder('workbench-cli');
  onTestFinished(remove);
  return path;
}

const words = (line: string) => line.split(' ').filter(Boolean);

describe('new', () => {
  it.each([
    ['new greeter', 'plugins/greeter/logic.ts'],
    ['new greeter --language js', 'plugins/greeter/logic.js'],
    ['new -l python greeter', 'plugins/greeter/logic.py'],
    ['new --language=py --plugins=p=q greeter', 'p=q/greeter/logic.py'],
    ['new greeter -p others --language typescript', 'others/greeter/logic.ts'],
  ])('%s', async (line, file) => {
    const cwd = await folder();
    const { code, out, err } = await commandLine(words(line), { cwd });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('Created ');
    expect(existsSync(join(cwd, file))).toBe(true);
  });

  it('says as JSON what it made', async () => {
    const cwd = await folder();
    const { out } = await commandLine(words('new greeter --json'), { cwd });
    expect(JSON.parse(out)).toEqual({
      plugin: 'greeter',
      language: 'typescript',
      folder: join(cwd, 'plugins/greeter'),
      files: expect.arrayContaining(['logic.ts', 'manifest.json']),
    });
  });

  it.each([
    ['old greeter', "unknown command 'old'"],
    ['new', "missing required argument 'name'"],
    ['new a b', 'too many arguments'],
    ['new a/b', "'a/b' can't be a plugin's name"],
    ['new _a', 'are skipped'],
    ['new a --language ruby', 'Give ts, js or py'],
    ['new a --language', 'argument missing'],
    ['new a --force', "unknown option '--force'"],
  ])('%j is wrong', async (line, said) => {
    const { code, out, err } = await commandLine(words(line), { cwd: await folder() });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(said);
  });

  it('leaves a folder that is there alone, and says so as JSON too', async () => {
    const cwd = await folder();
    await commandLine(words('new greeter'), { cwd });
    const { code, out, err } = await commandLine(words('new greeter --json'), { cwd });
    expect(code).toBe(3);
    expect(JSON.parse(out).error).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('greeter'),
    });
    expect(err).toContain('greeter');
  });
});

it.each(['--help', 'new --help', 'new a -h'])('%s shows the help with the exit codes', async (line) => {
  const { code, out, err } = await commandLine(words(line), { cwd: await folder() });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('Usage: mozaiks-workbench');
  expect(out).toContain('Exit codes: 0 ok');
});
