import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bench, eventually, isRunning, makeFolder, save } from '../workspace.ts';

/** CONTRACT.md §2: `plugins_loaded` is true also of plugins that nobody has called yet. */

type Language = 'javascript' | 'python';

interface Source {
  readonly file: string;
  /** Waits at its top level until `gate` exists, then fails. */
  failing(gate: string): string;
  /** Writes its process to `note` while it loads. */
  noting(note: string): string;
  /** Loads only while `file` exists. */
  needing(file: string): string;
  /** Notes in `folder` how many such plugins load at once. */
  counting(folder: string): string;
}

const JAVASCRIPT: Source = {
  file: 'logic.js',
  failing: (gate) => `import { existsSync } from 'node:fs';
    while (!existsSync('${gate}')) await new Promise((resolve) => setTimeout(resolve, 10));
    throw new Error('no use');
    export const execute = () => ({});`,
  noting: (note) => `import { writeFileSync } from 'node:fs';
    writeFileSync('${note}', String(process.pid));
    export const execute = () => ({ v: 1 });`,
  needing: (file) => `import { readFileSync } from 'node:fs';
    readFileSync('${file}');
    export const execute = () => ({ v: 2 });`,
  counting: (folder) => `import { readdirSync, rmSync, writeFileSync } from 'node:fs';
    writeFileSync('${folder}/now-' + process.pid, '');
    await new Promise((resolve) => setTimeout(resolve, 30));
    const at = readdirSync('${folder}').filter((name) => name.startsWith('now-')).length;
    writeFileSync('${folder}/saw-' + process.pid, String(at));
    rmSync('${folder}/now-' + process.pid);
    export const execute = () => ({});`,
};

const PYTHON: Source = {
  file: 'logic.py',
  failing: (gate) => `import os, time
while not os.path.exists('${gate}'):
    time.sleep(0.01)
raise ValueError('no use')
def execute(data):
    return {}
`,
  noting: (note) => `import os
open('${note}', 'w').write(str(os.getpid()))
def execute(data):
    return {'v': 1}
`,
  needing: (file) => `open('${file}').close()
def execute(data):
    return {'v': 2}
`,
  counting: (folder) => `import os, time
now = '${folder}/now-%d' % os.getpid()
open(now, 'w').close()
time.sleep(0.03)
at = len([name for name in os.listdir('${folder}') if name.startswith('now-')])
open('${folder}/saw-%d' % os.getpid(), 'w').write(str(at))
os.remove(now)
def execute(data):
    return {}
`,
};

const SOURCES: Readonly<Record<Language, Source>> = { javascript: JAVASCRIPT, python: PYTHON };

describe.each<Language>(['javascript', 'python'])('a plugin in %s that nobody has called', (language) => {
  const { file, failing, noting, needing, counting } = SOURCES[language];

  it('counts until it has been tried, is taken out when that fails, and a start does not wait', async () => {
    const notes = await makeFolder();
    const gate = join(notes, 'gate');
    // As many as are looked at together, so that one of them gets the only place, and never the last.
    const names = ['a', 'b', 'c', 'd'];
    const good = names.map((name) => [`${name}/${file}`, noting(join(notes, name))]);
    const { engine, value } = await bench(
      { ...Object.fromEntries(good), [`last/${file}`]: failing(gate) },
      { maxLiveHosts: 1 },
    );
    expect(engine.loadedCount()).toBe(5);
    expect(engine.get('last')).toMatchObject({ status: 'parked', serving: true, failure: null });
    await writeFile(gate, '');
    await eventually(() => engine.get('last')).toMatchObject({
      status: 'failed',
      serving: false,
      pid: null,
      failure: { message: expect.stringContaining('no use') },
    });
    expect(engine.loadedCount()).toBe(4);
    // Those that load have been tried in processes that are gone, and took nobody's place.
    const parked = names.filter((name) => engine.get(name)?.status === 'parked');
    expect(parked).toHaveLength(3);
    const pidIn = async (name: string) => Number(await readFile(join(notes, name), 'utf8'));
    await eventually(async () => (await readdir(notes)).length).toBe(5);
    for (const name of parked) {
      const pid = await pidIn(name);
      await eventually(() => isRunning(pid)).toBe(false);
      expect(await value(name)).toEqual({ v: 1 });
      expect(await pidIn(name)).not.toBe(pid);
    }
  });

  it('is tried once it is enabled', async () => {
    const notes = await makeFolder({ gate: '' });
    const off = { [`p/${file}`]: failing(join(notes, 'gate')), 'p/manifest.json': '{"enabled":false}' };
    const { engine, write } = await bench(off);
    expect(engine.get('p')).toMatchObject({ status: 'disabled', failure: null });
    await write('p/manifest.json', '{"enabled":true}');
    await eventually(() => engine.get('p')).toMatchObject({ status: 'failed', serving: false });
    expect(engine.loadedCount()).toBe(0);
  });

  it('is tried beside one other at most', async () => {
    const notes = await makeFolder();
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const plugins = Object.fromEntries(names.map((name) => [`${name}/${file}`, counting(notes)]));
    const { engine } = await bench(plugins, { maxLiveHosts: 1 });
    const seen = async () => (await readdir(notes)).filter((name) => name.startsWith('saw-'));
    await eventually(async () => (await seen()).length).toBe(names.length);
    const counts = await Promise.all(
      (await seen()).map(async (name) => Number(await readFile(join(notes, name), 'utf8'))),
    );
    expect(Math.max(...counts)).toBeLessThanOrEqual(2);
    expect(engine.loadedCount()).toBe(names.length);
  });

  it('counts no longer when its parked version does not load any more, and again when it does', async () => {
    const needed = join(await makeFolder({ needed: '' }), 'needed');
    const { engine, call, value } = await bench(
      { [`a/${file}`]: needing(needed), [`b/${file}`]: noting(`${needed}-note`) },
      { maxLiveHosts: 1 },
    );
    expect(await value('a')).toEqual({ v: 2 });
    expect(await value('b')).toEqual({ v: 1 });
    await rm(needed);
    expect((await call('a')).result.kind).toBe('load-failed');
    expect(engine.loadedCount()).toBe(1);
    await eventually(() => engine.get('a')).toMatchObject({ status: 'failed', serving: false });
    await save(needed, '');
    expect(await value('a')).toEqual({ v: 2 });
    expect(engine.loadedCount()).toBe(2);
  });
});

it('subscribers to events are known before their first call', async () => {
  const note = join(await makeFolder(), 'note');
  const subscriber = `from core.event_bus import event_bus
def on_made(data):
    open('${note}', 'w').write(data['what'])
event_bus.subscribe('made', on_made)
def execute(data):
    return {}
`;
  const publisher = `from core.event_bus import event_bus
def execute(data):
    event_bus.publish('made', {'what': 'a task'})
    return {}
`;
  const files = { 'says/logic.py': publisher, 'hears/logic.py': subscriber, 'too/logic.py': subscriber };
  const { engine, value } = await bench(files, { maxLiveHosts: 1 });
  expect(engine.list().filter(({ status }) => status === 'parked')).toHaveLength(2);
  // Whichever was loaded at the start, one subscriber at least is known by its trial alone.
  await eventually(async () => {
    await value('says');
    return readFile(note, 'utf8').catch(() => '');
  }).toBe('a task');
});
