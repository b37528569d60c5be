import { readFileSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sendKill } from '../../main/hosts/process-tree.ts';
import { expectAnswers, PLAIN, STORES, WITH_DRIVER } from '../contract/guide-answers.ts';
import { cleanUpAfterAll } from '../support/clean-up.ts';
import { DEBIAN_PYTHON, skippable, whyWithout } from '../support/debian-python.ts';
import { readFixturePlugins } from '../support/fixture-plugins.ts';
import { startRuntime, type TestRuntime } from '../support/runtime.ts';
import { bearer, localToken } from '../support/tokens.ts';

/** Plugins and the local database, without a setting: in Python as authors are told to write them, and in JavaScript. */

const project = resolve(import.meta.dirname, '../..');
const GUIDE_PLUGINS = readFixturePlugins('guide-plugins');
const example = (path: string) => readFileSync(join(project, 'plugins', path), 'utf8');

/** The answers to calls in order, each with its status unless that is 200; `$id` is the newest id of an answer. */
async function converse(runtime: TestRuntime, plugin: string, user: string, bodies: readonly object[]) {
  const answers: unknown[] = [];
  let id = '';
  for (const body of bodies) {
    const text = JSON.stringify(body).replaceAll('$id', id);
    const { status, json } = await runtime.execute(plugin, text, bearer(localToken({ sub: user })));
    const { note, chore, ...found } = Object(json);
    id = found.id ?? note?.id ?? chore?._id ?? id;
    answers.push(status === 200 ? json : { status, detail: found.detail });
  }
  return answers;
}

const ID = expect.stringMatching(/^[\da-f]{24}$/);
const TEMPLATE = (name: string, word: object, list: string) =>
  [
    name,
    [
      [{ action: 'create', ...word }, { id: ID }],
      [{ action: 'get', id: '$id' }, expect.objectContaining({ ...word, user_id: 'ada' })],
      [{ action: 'update', id: '$id', ...word }, { changed: false }],
      [{ action: 'list' }, { [list]: [expect.objectContaining(word)], total: 1 }],
      [{ action: 'delete', id: '$id' }, { deleted: true }],
      [{ action: 'list' }, { [list]: [], total: 0 }],
    ],
  ] as const;

/** Of each plugin that stores something: calls, and what they are answered with. */
const CONVERSATIONS: readonly (readonly [string, readonly (readonly [body: object, answer: unknown])[]])[] = [
  TEMPLATE('seed_library', { name: 'Dill' }, 'packets'),
  TEMPLATE('tool_shed', { name: 'Rake' }, 'tools'),
  [
    'bird_log',
    [
      [{ action: 'add', species: 'wren' }, { id: ID }],
      [{ action: 'list' }, { sightings: [{ id: ID, species: 'wren' }] }],
      [{ action: 'get', id: '$id' }, { species: 'wren' }],
      [{ action: 'remove', id: '$id' }, { removed: 1 }],
    ],
  ],
  [
    'quote_box',
    [
      [{ action: 'store', text: 'less is more' }, { id: ID }],
      [{ action: 'correct', text: 'less is more', into: 'more is less' }, { corrected: 1 }],
      [{ action: 'find', text: 'more is less' }, { text: 'more is less' }],
      [{ action: 'all' }, { quotes: ['more is less'], of: 1 }],
      [{ action: 'forget', text: 'more is less' }, { forgotten: 1 }],
    ],
  ],
  [
    'garden_plan',
    [
      [{ action: 'create', plant: 'dill' }, { id: ID }],
      [
        { action: 'get', id: '$id' },
        { plant: 'dill', zone: '7b' },
      ],
      [{ action: 'update', id: '$id', plant: 'chard' }, { updated: 1 }],
      [{ action: 'list' }, { beds: [{ _id: ID, user_id: 'ada', plant: 'chard', zone: '7b' }] }],
      [{ action: 'delete', id: '$id' }, { deleted: 1 }],
    ],
  ],
  [
    'reading_list',
    [
      [{ action: 'add', title: 'Emma' }, { id: ID }],
      [{ action: 'list' }, { books: [{ id: ID, title: 'Emma' }] }],
      [{ action: 'drop', id: '$id' }, { dropped: true }],
    ],
  ],
  [
    'till_report',
    [
      [{ action: 'prepare' }, { index: 'user_id_1_day_-1' }],
      [{ action: 'sell', item: 'tea', day: '2026-01-02' }, { is_new: true }],
      [{ action: 'sell', item: 'tea', day: '2026-01-02' }, { is_new: false }],
      [
        { action: 'restock', stock: { tea: 5, cake: 2 } },
        { added: 1, changed: 1 },
      ],
      [
        { action: 'by_day' },
        {
          days: [
            { _id: '2026-01-02', sold: 2 },
            { _id: null, sold: 0 },
          ],
        },
      ],
      [{ action: 'latest' }, { items: ['tea', 'cake'], of: 2 }],
      [
        { action: 'one', id: '000000000000000000000000' },
        { status: 500, detail: 'Never sold' },
      ],
    ],
  ],
  [
    'chore_wheel',
    [
      [{ action: 'create', title: 'Sweep' }, { chore: expect.objectContaining({ _id: ID, done: false }) }],
      [{ action: 'update', id: '$id', done: true }, { updated: 1 }],
      [
        { action: 'list' },
        { chores: [expect.objectContaining({ title: 'Sweep', done: true, due_at: null })] },
      ],
      [{ action: 'delete', id: '$id' }, { deleted: 1 }],
    ],
  ],
  [
    'guest_book',
    [
      [{ action: 'sign', text: 'Hello' }, { id: ID }],
      [{ action: 'read' }, { entries: ['Hello'] }],
    ],
  ],
];

/** Of the example in both languages. */
const NOTES: (typeof CONVERSATIONS)[number][1] = [
  [
    { action: 'add', text: ' Buy milk ' },
    { note: expect.objectContaining({ text: 'Buy milk' }), of: 1 },
  ],
  [{ action: 'list' }, { notes: [expect.objectContaining({ text: 'Buy milk' })] }],
  [{ action: 'careless' }, { notes_of_everybody: 1 }],
  [{ action: 'health' }, { runtime: expect.objectContaining({ status: 'healthy', app_id: 'dev_app' }) }],
  [
    { action: 'add', text: 5 },
    { status: 500, detail: '"text" must be a string' },
  ],
  [{ action: 'remove', id: '$id' }, { removed: true }],
  [{ action: 'remove', id: '$id' }, { removed: false }],
];

/** What the example's calls look like in their traces. */
async function expectInside(runtime: TestRuntime, plugin: string): Promise<void> {
  await converse(runtime, plugin, 'joy', [{ action: 'careless' }]);
  const { children = [], findings = [] } = runtime.lastTrace();
  expect(children).toMatchObject([{ kind: 'database', command: 'find', collection: 'notes' }]);
  expect(findings).toMatchObject([{ rule: 'not-scoped', collection: 'notes', child: 0 }]);
  await converse(runtime, plugin, 'joy', [{ action: 'health' }]);
  const { children: calls } = runtime.lastTrace();
  const url = `http://127.0.0.1:${runtime.port}/health`;
  expect(calls).toMatchObject([{ kind: 'http', method: 'GET', url, status: 200 }]);
  await converse(runtime, plugin, 'joy', [{ action: 'list' }]);
  expect(runtime.lastTrace().findings).toBeUndefined();
}

const reason = whyWithout(['motor', 'bson'], ['python3-motor', 'python3-bson']);

describe.skipIf(reason !== null)(skippable('in Python, with Debian’s driver', reason), () => {
  let runtime: TestRuntime;
  const cleanUp = cleanUpAfterAll();
  beforeAll(async () => {
    const plugins = { ...GUIDE_PLUGINS, notes_py: { 'logic.py': example('notes_py/logic.py') } };
    runtime = await startRuntime({ plugins, env: { MOZAIKS_PYTHON: DEBIAN_PYTHON }, cleanUp });
  });

  it.each([...CONVERSATIONS, ['notes_py', NOTES] as const])(
    '%s stores, finds and removes, for each user their own',
    async (plugin, calls) => {
      const bodies = calls.map(([body]) => body);
      expect(await converse(runtime, plugin, 'ada', bodies)).toEqual(calls.map(([, answer]) => answer));
      // Of another user nothing is there.
      expect((await converse(runtime, plugin, 'bob', bodies))[0]).toEqual(calls[0]?.[1]);
    },
  );

  it.each(Object.entries({ ...PLAIN, ...WITH_DRIVER }))('%s answers as without a database', (plugin, calls) =>
    expectAnswers(runtime, plugin, calls),
  );

  it.each(['seed_library', 'tool_shed'])('%s notifies its user alone of what it stores', async (plugin) => {
    await converse(runtime, plugin, 'gil', [{ action: 'create', name: 'Dill' }]);
    const titles = async (user: string) =>
      Object((await converse(runtime, plugin, user, [{ action: 'notices' }]))[0]).titles;
    // Stored after the answer, as in production.
    await expect
      .poll(() => titles('gil'))
      .toContain(`One more ${plugin === 'tool_shed' ? 'tool' : 'packet'}`);
    expect(await titles('hal')).toEqual([]);
  });

  it('notes_py shows its event, what heard it, its notification and its lines', async () => {
    await converse(runtime, 'notes_py', 'ivy', [{ action: 'add', text: 'tea' }]);
    const { events = [], console = [] } = runtime.lastTrace();
    expect(events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['published', 'notified']));
    // That the notification was sent on may be told in the call, or after it.
    expect(console.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/ivy added note [\da-f]{32}$/),
    );
  });

  it('notes_py shows its queries, its call over HTTP and its careless query', () => {
    return expectInside(runtime, 'notes_py');
  });

  it('each of the thirteen has loaded, and all that store something have done so', () => {
    const views = runtime.runtime.engine.list();
    expect(views.filter(({ failure }) => failure !== null)).toEqual([]);
    expect(views.map(({ name }) => name)).toEqual([...Object.keys(GUIDE_PLUGINS), 'notes_py'].sort());
    const stored = CONVERSATIONS.map(([name]) => name);
    expect(stored).toEqual(expect.arrayContaining(Object.keys(STORES)));
  });

  it('nothing is found in the queries of the thirteen, and the one of notes_py that is meant to be', () => {
    const { traces } = runtime.runtime;
    const found = traces
      .list({ limit: 1_000 })
      .traces.flatMap(({ id, plugin }) =>
        (traces.get(id)?.findings ?? []).map(({ rule }) => `${plugin} ${rule}`),
      );
    // A busy machine makes calls slow.
    const others = found.filter((one) => !one.endsWith(' blocking'));
    expect([...new Set(others)]).toEqual(['notes_py not-scoped']);
  });

  it('L5: what was acknowledged is there after the database’s process was killed', async () => {
    const bodies = [{ action: 'add', text: 'first' }];
    expect(await converse(runtime, 'notes_py', 'eve', bodies)).toMatchObject([{ of: 1 }]);
    const [pid] = runtime.log.lines.flatMap(
      (line) => /local database started.*"pid":(\d+)/.exec(line)?.[1] ?? [],
    );
    sendKill(Number(pid));
    // At most one start a second, and the driver has to notice.
    const again = async () => (await converse(runtime, 'notes_py', 'eve', [{ action: 'list' }]))[0];
    await expect.poll(again).toMatchObject({ notes: [{ text: 'first' }] });
  });
});

describe('in TypeScript', () => {
  const cleanUp = cleanUpAfterAll();

  it('notes_ts stores, finds and removes, for each user their own', async () => {
    // Beside the packages of this repository, as the folder of examples is.
    const runtime = await startRuntime({ cleanUp, start: false });
    await symlink(join(project, 'node_modules'), join(runtime.plugins, '../node_modules'));
    await runtime.write('notes_ts', { 'logic.ts': example('notes_ts/logic.ts') });
    await runtime.runtime.start();
    const bodies = NOTES.map(([body]) => body);
    expect(await converse(runtime, 'notes_ts', 'ada', bodies)).toEqual(NOTES.map(([, answer]) => answer));
    expect((await converse(runtime, 'notes_ts', 'bob', bodies))[0]).toEqual(NOTES[0]?.[1]);
    expect(runtime.runtime.engine.get('notes_ts')?.failure).toBeNull();
    await expectInside(runtime, 'notes_ts');
  });
});
