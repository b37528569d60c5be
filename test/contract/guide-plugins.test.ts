import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CleanUp, cleanUpAfterAll } from '../support/clean-up.ts';
import { DEBIAN_PYTHON, skippable, whyWithout } from '../support/debian-python.ts';
import { readFixturePlugins } from '../support/fixture-plugins.ts';
import { temporaryFolder } from '../support/folders.ts';
import { startRuntime, type TestRuntime } from '../support/runtime.ts';
import { as, essence, expectAnswers, PLAIN, STORES, WITH_DRIVER } from './guide-answers.ts';

/**
 * Plugins in every shape that authors are told to write (test/fixtures/guide-plugins/README.md): with the database's
 * driver and without it. What they do with a database is in test/database/plugins.test.ts.
 */

const plugins = readFixturePlugins('guide-plugins');
/** Nobody listens there, which the sdk's driver, other than the runtime's, would wait 30 seconds to tell. */
const NO_DATABASE = 'mongodb://127.0.0.1:1/notes?serverSelectionTimeoutMS=5000';

/** As the workbench's own is written. */
const NO_LOCAL_DATABASE = NO_DATABASE.replace('//', '//workbench:a-password@');

/** A virtual environment that has nothing installed; its folder. */
async function makeBareInterpreter(cleanUp: CleanUp): Promise<string> {
  const { path, remove } = await temporaryFolder('workbench-no-driver');
  cleanUp(remove);
  await promisify(execFile)('python3', ['-m', 'venv', '--without-pip', path]);
  return path;
}

describe('where the driver is missing', () => {
  let runtime: TestRuntime;
  let install: string;
  const cleanUp = cleanUpAfterAll();
  beforeAll(async () => {
    const interpreter = await makeBareInterpreter(cleanUp);
    install = `${join(interpreter, 'bin/python3')} -m pip install motor`;
    runtime = await startRuntime({ plugins, env: { MOZAIKS_PYTHON: interpreter }, cleanUp });
  });

  it.each(Object.entries(PLAIN))('%s loads and answers', async (plugin, calls) => {
    await expectAnswers(runtime, plugin, calls);
    expect(runtime.runtime.engine.get(plugin)?.status).toBe('loaded');
  });

  it.each(Object.keys(WITH_DRIVER))('%s says how to install it', async (plugin) => {
    expect(essence(await runtime.execute(plugin, { action: 'list' }))).toEqual({
      detail: expect.stringMatching(
        /failed to load: No module named '(bson|pymongo)' \(logic\.py, line \d+\)$/,
      ),
      error_code: 'PLUGIN_LOAD_FAILED',
    });
    await expect
      .poll(() => runtime.runtime.engine.get(plugin)?.failure?.message.split('\n').slice(1))
      .toEqual([`Install it for the interpreter in use: ${install}`]);
  });

  it.each([
    ['quote_box', "db['quote_box_quotes'].insert_one"],
    ['guest_book', "get_collection('guest_book_entries').insert_one"],
  ])('%s says so when it stores something', async (plugin, what) => {
    expect(essence(await runtime.execute(plugin, STORES[plugin]?.body))).toEqual({
      detail: `Error executing plugin: ${what} can't be used: production's database needs motor: ${install}`,
      error_code: 'PLUGIN_EXCEPTION',
    });
  });
});

const reason = whyWithout(['motor', 'bson'], ['python3-motor', 'python3-bson']);

describe.skipIf(reason !== null)(skippable('with Debian’s driver', reason), () => {
  let runtime: TestRuntime;
  const cleanUp = cleanUpAfterAll();
  beforeAll(async () => {
    runtime = await startRuntime({
      plugins,
      env: { MOZAIKS_PYTHON: DEBIAN_PYTHON, DATABASE_URI: NO_DATABASE, MONGODB_URI: NO_LOCAL_DATABASE },
      cleanUp,
    });
  });

  it('all thirteen load', async () => {
    await Promise.all(Object.keys(plugins).map((plugin) => runtime.execute(plugin, { action: 'dance' })));
    const views = runtime.runtime.engine.list();
    expect(views.map(({ name, failure }) => [name, failure])).toEqual(
      Object.keys(plugins)
        .sort()
        .map((name) => [name, null]),
    );
    expect(views).toHaveLength(13);
  });

  it.each(Object.entries({ ...PLAIN, ...WITH_DRIVER }))('%s answers', async (plugin, calls) => {
    await expectAnswers(runtime, plugin, calls);
  });

  it('those that use a database are told that none answers, and what to do', async () => {
    await Promise.all(
      Object.entries(STORES).map(async ([plugin, { body, isCaught, variable = 'DATABASE_URI' }]) => {
        const answered = essence(await runtime.execute(plugin, body, as('ada')));
        const failed = {
          detail: expect.stringContaining('Connection refused'),
          error_code: 'PLUGIN_EXCEPTION',
        };
        const caught = { detail: 'An unexpected error occurred', error_code: 'PLUGIN_ERROR' };
        expect({ plugin, answered }).toEqual({ plugin, answered: isCaught ? caught : failed });
        const remedy = variable === 'MONGODB_URI' ? 'see the workbench’s log' : 'start MongoDB there';
        const advice = `no database answers at 127.0.0.1:1: ${remedy}, or set ${variable}`;
        expect({ plugin, console: consoleOf(plugin) }).toEqual({
          plugin,
          console: expect.arrayContaining([{ level: 'warn', text: advice }]),
        });
      }),
    );
  });

  /** What the plugin's newest call wrote. */
  function consoleOf(plugin: string): object[] {
    const { traces } = runtime.runtime.traces.list({ limit: 100 });
    const newest = traces.find((trace) => trace.plugin === plugin);
    const lines = runtime.runtime.traces.get(newest?.id ?? '')?.console ?? [];
    return lines.map(({ level, text }) => ({ level, text }));
  }
});
