import { execFileSync } from 'node:child_process';
import { chmod, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PythonInterpreter } from '../../../main/hosts/python/interpreter.ts';
import { bench, eventually, makeFolder, save } from '../../plugins/workspace.ts';

const check = (setting: string) => new PythonInterpreter(setting, process.env).check();

/** A program that answers like an interpreter of that version. */
async function fakePython(path: string, version: string): Promise<void> {
  await save(path, `#!/bin/sh\necho ${version}\n`);
  await chmod(path, 0o755);
}

it('takes a command, a path and the folder of a virtual environment', async () => {
  expect(await check('python3')).toBeNull();
  const executable = execFileSync('python3', ['-c', 'import sys; print(sys.executable)']).toString().trim();
  expect(await check(executable)).toBeNull();
  const folder = await makeFolder({ 'venv/pyvenv.cfg': '' });
  await mkdir(join(folder, 'venv/bin'));
  await symlink(executable, join(folder, 'venv/bin/python3'));
  const interpreter = new PythonInterpreter(join(folder, 'venv'), process.env);
  expect(await interpreter.check()).toBeNull();
  expect(interpreter.command).toBe(join(folder, 'venv/bin/python3'));
});

it('says what is wrong and what to do', async () => {
  const folder = await makeFolder();
  await fakePython(join(folder, 'python38'), '3.8.19');
  await save(join(folder, 'no-program'), 'text');
  const remedy =
    'Python plugins need Python 3.9 or newer: install it, or set MOZAIKS_PYTHON to an interpreter or a virtual environment, and reload the plugin';
  expect(await check('/nowhere/python3')).toBe(
    `no Python was found; ${remedy}\nThere is no /nowhere/python3`,
  );
  expect(await check(folder)).toBe(
    `MOZAIKS_PYTHON names a folder without bin/python3; ${remedy}\nIt is ${folder}`,
  );
  expect(await check(join(folder, 'python38'))).toBe(
    `Python 3.8.19 is too old; ${remedy}\nIt is ${folder}/python38`,
  );
  expect(await check(join(folder, 'no-program'))).toMatch(/^Python does not start; .*\n\S*no-program: /);
  await fakePython(join(folder, 'python4'), '4.0.1');
  expect(await check(join(folder, 'python4'))).toBeNull();
});

it('shows plugins where production code lies, and no secret', () => {
  const { environment } = new PythonInterpreter('python3', {
    PATH: '/bin',
    PYTHONPATH: '/srv/app',
    VIRTUAL_ENV: '/srv/venv',
    PYTHONSTARTUP: '/x',
    JWT_SECRET: 's',
  });
  expect(environment).toEqual({ PATH: '/bin', PYTHONPATH: '/srv/app', VIRTUAL_ENV: '/srv/venv' });
});

it('finds a Python that comes later, at the next reload', async () => {
  const tools = await makeFolder();
  const { engine, value } = await bench(
    { 'p/logic.py': 'def execute(data):\n    return {"v": 1}\n' },
    { python: join(tools, 'venv') },
  );
  expect(engine.get('p')).toMatchObject({ status: 'failed', serving: false });
  const executable = execFileSync('python3', ['-c', 'import sys; print(sys.executable)']).toString().trim();
  await mkdir(join(tools, 'venv/bin'), { recursive: true });
  await symlink(executable, join(tools, 'venv/bin/python3'));
  await engine.reload('p');
  await eventually(() => engine.get('p')?.status).toBe('loaded');
  expect(await value('p')).toEqual({ v: 1 });
});
