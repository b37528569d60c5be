import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findings, query, rulesIn } from './judged.ts';

const ME = { user_id: 'ada' };

/** One finding's text; fails where there are more. */
function textOf(...given: Parameters<typeof findings>): string | undefined {
  const [finding, ...more] = findings(...given);
  expect(more).toEqual([]);
  return finding?.text;
}

describe('a repeated query', () => {
  const times = (count: number, make: (at: number) => object) =>
    Array.from({ length: count }, (_, at) => query({ filter: { ...ME, ...make(at) } }));

  it('is one command with the same fields, from five times on', () => {
    expect(findings(times(4, (at) => ({ order: at })))).toEqual([]);
    expect(findings([query({ filter: { ...ME, n: 1 } }), ...times(7, (at) => ({ order: at }))])).toEqual([
      {
        rule: 'repeated-query',
        text: 'Repeated query: find on tasks 7 times in one call, with the same fields. One query with {"order": {"$in": […]}} finds all.',
        collection: 'tasks',
        child: 1,
      },
    ]);
  });

  it.each([
    ['other fields', (at: number) => ({ [`f${at}`]: 1 })],
    ['other operators', (at: number) => ({ a: { [['$gt', '$lt', '$ne'][at % 3] ?? '']: at } })],
  ])('is none with %s', (_, make) => {
    expect(rulesIn(times(9, make))).toEqual([]);
  });

  it('is one whatever types and how many values it asks for', () => {
    const values = [1, 'a', null, { $oid: 'a'.repeat(24) }, { $date: '2026-01-02T00:00:00Z' }];
    expect(rulesIn(times(5, (at) => ({ a: values[at] })))).toEqual(['repeated-query']);
    expect(rulesIn(times(5, (at) => ({ a: { $in: Array(at + 1).fill(at) } })))).toEqual(['repeated-query']);
  });

  it('is none on other collections, or by other commands', () => {
    const mixed = Array.from({ length: 9 }, (_, at) => [
      query({ collection: `c${at}`, filter: ME }),
      query({ command: ['find', 'count', 'distinct'][at % 3] ?? '', filter: ME }),
    ]);
    expect(rulesIn(mixed.flat())).toEqual([]);
    expect(rulesIn(Array(9).fill(query({ command: 'listIndexes' })))).toEqual([]);
  });

  it.each([
    ['find', times(5, () => ({ a: 1 })), 'Each had the same values: one may do.'],
    ['find', times(5, (at) => ({ a: at, b: at })), 'One query with $in, or one $lookup, finds all.'],
    ['find', times(5, (at) => ({ $or: [{ a: at }] })), 'One query with $in, or one $lookup, finds all.'],
    [
      'insert',
      Array.from({ length: 5 }, (_, at) =>
        query({ command: 'insert', documents: [ME], shown: [{ [`f${at}`]: 1 }] }),
      ),
      'insert_many (insertMany) inserts all in one command.',
    ],
    [
      'update',
      Array.from({ length: 5 }, (_, n) =>
        query({ command: 'update', filter: ME, shown: [{ q: { ...ME, n } }] }),
      ),
      'bulk_write (bulkWrite) sends all in one command.',
    ],
  ])('by %s says what would be one: %#', (command, children, advice) => {
    const head = `Repeated query: ${command} on tasks 5 times in one call, with the same fields. `;
    expect(textOf(children)).toBe(head + advice);
  });

  it('was sent at least as often as is known', () => {
    expect(
      textOf(
        times(200, () => ({})),
        { droppedChildren: 800 },
      ),
    ).toContain('at least 200 times');
  });

  it('of which only a part is known is none', () => {
    expect(
      rulesIn(Array(9).fill({ ...query({ filter: ME }), scope: undefined, work: { kind: 'http' } })),
    ).toEqual([]);
  });
});

describe('the call as a whole', () => {
  it.each([
    [{ blockedMs: 49 }, undefined],
    [{ blockedMs: 320 }, 'Blocked the event loop for 0.32 s: in production all users wait meanwhile.'],
    [
      { blockedMs: 6_040, language: 'typescript' },
      "Blocked the event loop for 6.04 s: the plugin's other calls wait meanwhile.",
    ],
    [
      { thrown: { message: "'title'\nmore", stack: "Traceback:\n  File: 'title'\nKeyError: 'title'\nmore" } },
      `Raised an exception instead of returning {"error": …}: KeyError: 'title'`,
    ],
    [{ thrown: { message: 'no', stack: null } }, 'Raised an exception instead of returning {"error": …}: no'],
    [
      { thrown: { message: '', stack: 'Error\n    at x' } },
      'Raised an exception instead of returning {"error": …}: ',
    ],
    [
      { unawaited: ['send_mail (logic.py, line 12)'] },
      'Never awaited: send_mail (logic.py, line 12). What it does was not done.',
    ],
  ] as const)('%j', (more, text) => {
    expect(textOf([], more)).toBe(text);
  });
});

it('what a call’s queries hold beyond 512 KiB is not read', () => {
  const long = (at: number) =>
    query({ filter: { text: 'x'.repeat(3_500), [`f${at}`]: 1 }, collection: `c${at % 200}` });
  const children = Array.from({ length: 200 }, (_, at) => ({ ...long(at), scope: 'x'.repeat(12_000) }));
  expect(rulesIn([...children.slice(0, 30), query({ filter: {} })])).toEqual(['not-scoped']);
  expect(rulesIn([...children, query({ filter: {} })])).toEqual([]);
});

it('rules are sure of an answer, whatever a process tells them', () => {
  const keys = fc.constantFrom(
    'user_id',
    'app_id',
    '_id',
    '$and',
    '$or',
    '$in',
    '$eq',
    '$oid',
    '__proto__',
    'a',
  );
  const { any } = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 6 },
      fc.constantFrom<unknown>(null, 'ada', 'bob', 1, true, ''),
      fc.array(tie('any'), { maxLength: 4 }),
      fc.dictionary(keys, tie('any'), { maxKeys: 4 }),
    ),
  }));
  const child = fc
    .record({
      command: fc.constantFrom('find', 'insert', 'update', 'aggregate', 'count'),
      filter: any,
      documents: any,
      ids: any,
    })
    .map(({ command, ...scope }) => ({
      ...query({ command, shown: scope.filter }),
      scope: JSON.stringify(scope),
    }));
  fc.assert(
    fc.property(fc.array(child, { maxLength: 8 }), (children) => {
      for (const { child: at = 0, text } of findings(children)) {
        expect([at < children.length, text !== '']).toEqual([true, true]);
      }
    }),
    { numRuns: 300 },
  );
});
