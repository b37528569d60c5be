import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { bench, eventually, live, makeFolder, save } from '../workspace.ts';

const answering = (v: unknown) => `def execute(data):\n    return {"v": ${JSON.stringify(v)}}\n`;
const HELPED = 'from .helper import VALUE\ndef execute(data):\n    return {"v": VALUE}\n';

describe('which edits reload a Python plugin', () => {
  it('those of its entry, and each is another version', async () => {
    const b = await bench({ 'p/logic.py': answering(1) });
    const first = b.engine.get('p')?.contentHash;
    await b.write('p/logic.py', answering(2));
    await live(b, 2);
    const view = b.engine.get('p');
    expect(view?.contentHash).not.toBe(first);
    expect((await b.call('p')).version).toBe(view?.contentHash);
    expect(b.reloads.at(-1)).toMatchObject({ plugin: 'p', ok: true, cause: 'change' });
    expect(b.reloads.at(-1)?.latencyMs).toBeGreaterThan(0);
  });

  it('those of a helper, of a package in it, of its own __init__.py and of a module it shares with others', async () => {
    const b = await bench({
      'p/__init__.py': 'ONE = 1\n',
      'p/logic.py':
        'from . import ONE\nfrom .lib.two import TWO\nfrom plugins._shared.three import THREE\ndef execute(data):\n    return {"v": [ONE, TWO, THREE]}\n',
      'p/lib/__init__.py': '',
      'p/lib/two.py': 'TWO = 2\n',
      '_shared/three.py': 'THREE = 3\n',
    });
    await live(b, [1, 2, 3]);
    await b.write('p/__init__.py', 'ONE = 10\n');
    await live(b, [10, 2, 3]);
    await b.write('p/lib/two.py', 'TWO = 20\n');
    await live(b, [10, 20, 3]);
    await b.write('_shared/three.py', 'THREE = 30\n');
    await live(b, [10, 20, 30]);
  });

  it('those of a module that it imported inside of a call', async () => {
    const b = await bench({
      'p/logic.py': 'def execute(data):\n    from . import late\n    return {"v": late.VALUE}\n',
      'p/late.py': 'VALUE = 1\n',
      'p/unrelated.py': 'VALUE = 1\n',
    });
    await live(b, 1);
    const pid = b.engine.get('p')?.pid;
    await writeFile(join(b.folder, 'p/unrelated.py'), 'VALUE = 5\n');
    await b.write('p/late.py', 'VALUE = 2\n');
    await live(b, 2);
    expect(b.engine.get('p')?.pid).not.toBe(pid);
  });

  it('not those of other files, which it does not import', async () => {
    const b = await bench({
      'p/logic.py': HELPED,
      'p/helper.py': 'VALUE = 1\n',
      'p/tests.py': 'import nothing_there\n',
      'p/notes.txt': '',
    });
    const pid = b.engine.get('p')?.pid;
    await writeFile(join(b.folder, 'p/tests.py'), 'import something_else\n');
    await writeFile(join(b.folder, 'p/notes.txt'), 'more');
    await b.write('p/new.py', 'x = 1\n');
    // An edit that does count is the sign that the others were looked at.
    await b.write('q/logic.py', answering(9));
    await live(b, 9, 'q');
    expect(await b.value('p')).toEqual({ v: 1 });
    expect(b.engine.get('p')?.pid).toBe(pid);
    expect(b.reloads.filter(({ plugin, cause }) => plugin === 'p' && cause === 'change')).toEqual([]);
  });
});

describe('a Python plugin that is broken on disk', () => {
  it('shows the place, keeps serving, and recovers', async () => {
    const b = await bench({ 'p/logic.py': HELPED, 'p/helper.py': 'VALUE = 1\n' });
    await b.write('p/helper.py', 'VALUE = 1\nclass X:\n    def broken(:\n        pass\n');
    await eventually(() => b.engine.get('p')?.status).toBe('failed');
    const { failure, serving } = b.engine.get('p') ?? {};
    expect(serving).toBe(true);
    expect(failure).toMatchObject({ file: 'helper.py', line: 3, column: expect.any(Number) });
    expect(failure?.message).toMatch(/^SyntaxError: .* \(helper\.py, line 3\)$/);
    expect(failure?.codeFrame).toContain('> 3 |     def broken(:');
    expect(failure?.codeFrame).toMatch(/\n {4}\| +\^/);
    expect(await b.value('p')).toEqual({ v: 1 });
    await b.write('p/helper.py', 'VALUE = 2\n');
    await live(b, 2);
    expect(b.engine.get('p')).toMatchObject({ status: 'loaded', failure: null });
  });

  it('keeps serving the last good version also in a new process, from the files as they were', async () => {
    const b = await bench({
      'p/logic.py':
        'import os\nfrom .helper import VALUE\ndef execute(data):\n    if data.get("end"):\n        os._exit(1)\n    return {"v": VALUE}\n',
      'p/helper.py': 'VALUE = 1\n',
    });
    await rm(join(b.folder, 'p/helper.py'));
    await eventually(() => b.engine.get('p')?.status).toBe('failed');
    expect((await b.call('p', { end: true })).result.kind).toBe('crashed');
    expect(await b.value('p')).toEqual({ v: 1 });
    await b.write('p/helper.py', 'VALUE = 2\n');
    await live(b, 2);
  });

  it('keeps also what it shares with others and what it imported in a call', async () => {
    const kept = await makeFolder();
    vi.stubEnv('TMPDIR', kept);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const b = await bench({
      'p/logic.py':
        'import os\nfrom plugins._shared.one import ONE\ndef execute(data):\n    if data.get("end"):\n        os._exit(1)\n    from plugins._shared.two import TWO\n    return {"v": [ONE, TWO]}\n',
      '_shared/one.py': 'ONE = 1\n',
      '_shared/two.py': 'TWO = 2\n',
    });
    await live(b, [1, 2]);
    // The snapshot is written beside the call that showed what belongs to it; the older one goes.
    await eventually(async () =>
      (await readdir(kept, { recursive: true })).filter((name) => name.endsWith('.json')),
    ).toEqual([expect.stringContaining(`p-${b.engine.get('p')?.contentHash}.json`)]);
    await rm(join(b.folder, '_shared'), { recursive: true });
    await eventually(() => b.engine.get('p')?.status).toBe('failed');
    expect((await b.call('p', { end: true })).result.kind).toBe('crashed');
    expect(await b.value('p')).toEqual({ v: [1, 2] });
  });

  it('says where a module is missing and how to get it', async () => {
    const b = await bench({ 'p/logic.py': '# first\nimport no_such_package.deep\n' });
    await eventually(() => b.engine.get('p')?.failure).toMatchObject({ file: 'logic.py', line: 2 });
    expect(b.engine.get('p')?.failure?.message).toMatch(
      /^No module named 'no_such_package' \(logic\.py, line 2\)\nInstall it for the interpreter in use, if its package has that name: \S*python\S* -m pip install no_such_package$/,
    );
    await b.write('p/logic.py', 'import helper\n');
    await b.write('p/helper.py', '');
    await eventually(() => b.engine.get('p')?.failure?.message).toContain('write `from . import helper`');
  });

  it('recovers when the missing module is created, wherever that is', async () => {
    const b = await bench({
      'p/logic.py': 'from plugins._shared.late import VALUE\ndef execute(data):\n    return {"v": VALUE}\n',
    });
    expect(b.engine.get('p')).toMatchObject({ status: 'failed', serving: false });
    expect((await b.call('p')).result).toMatchObject({ kind: 'load-failed' });
    await b.write('_shared/late.py', 'VALUE = 7\n');
    await live(b, 7);
  });

  it.each([
    ['bson', 'motor'],
    ['pymongo', 'motor'],
    ['gridfs', 'motor'],
    ['motor.motor_asyncio', 'motor'],
    ['jose', "'python-jose[cryptography]'"],
    ['dotenv', 'python-dotenv'],
    ['dateutil.parser', 'python-dateutil'],
    ['jwt', 'PyJWT'],
    ['yaml', 'PyYAML'],
    ['PIL', 'Pillow'],
  ])('names the package that provides %s: %s', async (module, named) => {
    // Whatever the interpreter has, here the module is missing.
    const source = `raise ModuleNotFoundError("No module named '${module}'", name="${module}")\n`;
    const b = await bench({ 'p/logic.py': source });
    await eventually(() => b.engine.get('p')?.failure?.message).toMatch(/ -m pip install /);
    expect(b.engine.get('p')?.failure?.message.split(' -m pip install ')[1]).toBe(named);
  });

  it.each(['sdk.nothing', 'core.nothing', 'mozaiks_infra.nothing', 'mozaiks_other'])(
    'names no package for production’s own %s',
    async (module) => {
      const b = await bench({ 'p/logic.py': `import ${module}\n` });
      await eventually(() => b.engine.get('p')?.failure?.message).toContain(module.split('.')[0]);
      const message = b.engine.get('p')?.failure?.message;
      expect(message).toContain("production's source on PYTHONPATH");
      expect(message).not.toMatch(/pip install|install mozaiks/);
    },
  );

  it('tries again at the next call once the missing module is installed, without a save', async () => {
    const installed = await makeFolder();
    const b = await bench(
      { 'p/logic.py': 'import late_module\ndef execute(data):\n    return {"v": late_module.VALUE}\n' },
      { environment: { ...process.env, PYTHONPATH: installed } },
    );
    expect((await b.call('p')).result).toMatchObject({ kind: 'load-failed' });
    const failures = b.reloads.length;
    expect((await b.call('p')).result).toMatchObject({ kind: 'load-failed' });
    // The same failure again is no news.
    expect(b.reloads).toHaveLength(failures);
    await writeFile(join(installed, 'late_module.py'), 'VALUE = 8\n');
    expect(await b.value('p')).toEqual({ v: 8 });
    expect(b.engine.get('p')).toMatchObject({ failure: null, status: 'loaded' });
  });

  it('reports what its top level raised, with its own frames only', async () => {
    const b = await bench({
      // As when the runtime was started beside the plugins' folder: what is not a path must not seem to lie
      // there.
      'p/logic.py':
        'import os\nos.chdir(os.path.dirname(os.path.dirname(__file__)))\nfrom .settings import limit\n',
      'p/settings.py': 'import json\nlimit = json.loads("{")["limit"]\n',
    });
    const { failure } = b.engine.get('p') ?? {};
    expect(failure).toMatchObject({ file: 'settings.py', line: 2 });
    expect(failure?.message).toMatch(/^JSONDecodeError: Expecting property name .*\(settings\.py, line 2\)$/);
    expect(failure?.stack).toContain('File "settings.py", line 2');
    expect(failure?.stack).not.toMatch(/json\/decoder|importlib|python_host/);
  });

  it('P8: fails to load when its top level never ends; a newer save overtakes it', async () => {
    const b = await bench({ 'p/logic.py': answering(1) });
    const begun = join(b.folder, 'begun');
    await b.write(
      'p/logic.py',
      `import time\nopen(${JSON.stringify(begun)}, "w").close()\ntime.sleep(600)\n`,
    );
    await eventually(() => existsSync(begun)).toBe(true);
    expect(await b.value('p')).toEqual({ v: 1 });
    await b.write('p/logic.py', answering(3));
    await live(b, 3);
  });
});

describe('compiled files', () => {
  it('are neither written nor believed', async () => {
    const b = await bench({ 'p/logic.py': HELPED, 'p/helper.py': 'VALUE = 1\n' });
    await live(b, 1);
    expect((await readdir(join(b.folder, 'p'))).sort()).toEqual(['helper.py', 'logic.py']);
    // As another run of Python leaves it: same size, same second as the edit that follows.
    const { execFileSync } = await import('node:child_process');
    const helper = join(b.folder, 'p/helper.py');
    const { mtime } = await stat(helper);
    execFileSync('python3', ['-m', 'compileall', '-q', join(b.folder, 'p')]);
    await writeFile(helper, 'VALUE = 2\n');
    await utimes(helper, mtime, mtime);
    await live(b, 2);
  });
});

describe('a folder of Python plugins', () => {
  it('may have virtual environments in it, names like packages, and links', async () => {
    const b = await bench({
      'json/logic.py': 'import json\ndef execute(data):\n    return {"v": json.loads("5")}\n',
      'with-dash/logic.py': HELPED,
      'with-dash/helper.py': 'VALUE = 6\n',
      'with-dash/myenv/pyvenv.cfg': '',
      'with-dash/myenv/lib/big.py': 'raise Exception\n',
    });
    await live(b, 5, 'json');
    await live(b, 6, 'with-dash');
  });

  it('is the package `plugins`, whatever it is called, with its own __init__.py', async () => {
    const b = await bench({
      '__init__.py': 'NAME = "ours"\n',
      'p/logic.py':
        'import plugins\nfrom plugins.q.logic import execute as other\ndef execute(data):\n    return {"v": [plugins.NAME, __name__, other(data)["v"]]}\n',
      'q/logic.py': answering('q'),
    });
    await live(b, ['ours', 'plugins.p.logic', 'q']);
  });

  it('has the folder above it on the path, as production has', async () => {
    const parent = await bench({});
    const folder = join(parent.folder, 'app/plugins');
    await mkdir(folder, { recursive: true });
    await save(join(parent.folder, 'app/ledger.py'), 'VALUE = 1\n');
    await save(
      join(folder, 'p/logic.py'),
      'from ledger import VALUE\ndef execute(data):\n    return {"v": VALUE}\n',
    );
    const b = await bench({}, { path: folder });
    await live(b, 1);
    await save(join(parent.folder, 'app/ledger.py'), 'VALUE = 2\n');
    await live(b, 2);
  });

  it('has its examples and everything else untouched by a reload', async () => {
    const b = await bench({ 'p/logic.py': answering(1) });
    await b.engine.reload('p');
    await b.engine.restart('p');
    expect(await readFile(join(b.folder, 'p/logic.py'), 'utf8')).toBe(answering(1));
    expect(await b.value('p')).toEqual({ v: 1 });
  });
});
