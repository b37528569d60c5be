import { execFile } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { inspectPython } from '../../main/cli/doctor/settings.ts';
import type { Result } from '../../main/contract/errors.ts';
import type { DriverFunctions, DriverView } from '../../main/contract/python-driver.ts';
import { lacksDriver } from '../../main/contract/python-driver.ts';
import { cleanUpAfterAll } from '../support/clean-up.ts';
import { temporaryFolder } from '../support/folders.ts';
import { startRuntime, type TestRuntime } from '../support/runtime.ts';

/**
 * Install: motor in an environment of the workbench's own. pip finds it in a folder of the test's own: a wheel with
 * the little of motor that is used here.
 */

const MOTOR = `
class Collection:
    async def insert_one(self, document):
        return document
class AsyncIOMotorClient:
    def __init__(self, uri, **options):
        pass
    def __getitem__(self, name):
        return Database()
class Database:
    def __getitem__(self, name):
        return Collection()
`;

const NOTES = `
import sys, beside
from mozaiks_infra.config.database import db

async def execute(data):
    await db['notes'].insert_one({'user_id': data['user_id']})
    return {'python': sys.executable, 'beside': beside.__file__}
`;

/** A plugin that does not even load. */
const STRICT = 'import motor.motor_asyncio\nasync def execute(data):\n    return {"loaded": True}\n';

const WHEEL = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1] + '/motor-9.9-py3-none-any.whl', 'w') as wheel:
    wheel.writestr('motor/__init__.py', '')
    wheel.writestr('motor/motor_asyncio.py', sys.argv[2])
    wheel.writestr('motor-9.9.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: motor\\nVersion: 9.9\\n')
    wheel.writestr('motor-9.9.dist-info/WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    wheel.writestr('motor-9.9.dist-info/RECORD', '')
`;

describe('Install', () => {
  const cleanUp = cleanUpAfterAll();
  let runtime: TestRuntime;
  let packages: string;
  let python: string;
  let environment: Readonly<Record<string, string>>;

  /** The interpreter is a virtual environment with a package of its own, and without motor and pip. */
  beforeAll(async () => {
    const { path, remove } = await temporaryFolder('workbench-driver');
    cleanUp(remove);
    const run = promisify(execFile);
    packages = join(path, 'packages');
    python = join(path, 'venv/bin/python3');
    await run('python3', ['-m', 'venv', '--without-pip', join(path, 'venv')]);
    const { stdout } = await run(python, [
      '-c',
      'import sysconfig; print(sysconfig.get_path("purelib"), end="")',
    ]);
    await writeFile(join(stdout, 'beside.py'), '');
    await mkdir(packages);
    environment = {
      PATH: `${join(path, 'venv/bin')}:${process.env.PATH}`,
      PIP_NO_INDEX: '1',
      PIP_FIND_LINKS: packages,
      // Where a person's pip installs else is not where this one does.
      PIP_USER: '1',
    };
    runtime = await startRuntime({
      cleanUp,
      plugins: { notes: { 'logic.py': NOTES }, strict: { 'logic.py': STRICT } },
      environment,
    });
  });

  const driver = (): DriverView => runtime.runtime.snapshot().driver;
  async function call(name: keyof DriverFunctions): Promise<string | null> {
    const answer = (await runtime.runtime.inspector.call(name, null)) as Result<null>;
    return answer.ok ? null : answer.error.message;
  }
  const settled = () => expect.poll(() => driver().state, { timeout: 60_000 });
  const folders = () => readdir(join(runtime.config.configPath, 'python')).catch(() => []);

  it('is offered where the driver is missing', async () => {
    const answer = Object((await runtime.execute('notes', {})).json);
    expect(answer.detail).toContain("production's database needs motor:");
    expect(lacksDriver(answer.detail)).toBe(true);
    const failed = Object((await runtime.execute('strict', {})).json);
    expect(lacksDriver(failed.detail)).toBe(true);
    expect(lacksDriver("No module named 'motors'")).toBe(false);
    expect(driver()).toEqual({ state: 'absent', folder: null, refusal: null, lines: [], failure: null });
  });

  it('leaves nothing where pip finds no motor, and shows what pip said', async () => {
    expect(await call('installDriver')).toBeNull();
    expect(await call('installDriver')).toBe('motor is installing already');
    await settled().toBe('absent');
    expect(driver().failure).toEqual({ message: 'pip failed (exit code 1)', remedy: null });
    expect(driver().lines.join('\n')).toContain('No matching distribution found for motor');
    expect(await folders()).toEqual([]);
    expect((await runtime.execute('notes', {})).status).toBe(500);
  });

  it('can be cancelled, and leaves nothing', async () => {
    expect(await call('installDriver')).toBeNull();
    expect(await call('cancelDriver')).toBeNull();
    expect(driver()).toMatchObject({ state: 'absent', lines: [], failure: null });
    expect(await folders()).toEqual([]);
  });

  it('has plugins run in an environment that also has what the interpreter had', async () => {
    await promisify(execFile)('python3', ['-c', WHEEL, packages, MOTOR]);
    expect(await call('installDriver')).toBeNull();
    await settled().toBe('installed');
    const [name] = await folders();
    const folder = join(runtime.config.configPath, 'python', name ?? '');
    expect(await folders()).toHaveLength(1);
    expect(driver()).toMatchObject({ folder, failure: null });
    expect(driver().lines.at(-1)).toMatch(/^Successfully installed motor-9\.9/);
    expect((await runtime.execute('notes', {})).json).toEqual({
      python: join(folder, 'bin/python3'),
      beside: expect.stringMatching(/venv\/lib.*beside\.py$/),
    });
    expect((await runtime.execute('strict', {})).json).toEqual({ loaded: true });
  });

  it('is there for the next runtime, and not where an interpreter was chosen', async () => {
    const { configPath } = runtime.config;
    const again = await startRuntime({
      cleanUp,
      configPath,
      plugins: { notes: { 'logic.py': NOTES } },
      environment,
    });
    expect((await again.execute('notes', {})).status).toBe(200);
    expect(again.runtime.snapshot().driver.state).toBe('installed');
    const chosen = await startRuntime({ cleanUp, configPath, env: { MOZAIKS_PYTHON: python } });
    expect(chosen.runtime.snapshot().driver).toMatchObject({
      state: 'absent',
      refusal: expect.stringContaining('that MOZAIKS_PYTHON (environment) names: install motor there'),
    });
    expect(await chosen.runtime.inspector.call('installDriver', null)).toMatchObject({ ok: false });
  });

  it('is told by doctor', async () => {
    const sources = { env: environment, argv: [], cwd: '/', configPath: runtime.config.configPath };
    const found = await inspectPython(runtime.config, sources, true);
    expect(found).toMatchObject({
      state: 'ok',
      message: expect.stringMatching(/^3\.\d+\.\d+ \(.*\), where the workbench installed motor$/),
    });
  });

  it('can be removed, and plugins run in the interpreter again', async () => {
    expect(await call('removeDriver')).toBeNull();
    expect(driver()).toMatchObject({ state: 'absent', folder: null });
    expect(await folders()).toEqual([]);
    expect(Object((await runtime.execute('notes', {})).json).detail).toContain('needs motor');
    expect(await call('removeDriver')).toBe('The workbench has not installed motor');
  });
});
