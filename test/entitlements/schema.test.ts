import { describe, expect, it } from 'vitest';
import { parseEntitlements } from '../../main/entitlements/schema.ts';
import { cpuTimeMs } from '../support/cpu-time.ts';

const HEAD = 'schema_version: "1.0"\nplugin: videos\n';

function problemsOf(text: string): readonly string[] {
  const parsed = parseEntitlements(text);
  return parsed.ok ? [] : parsed.problems;
}

describe('parseEntitlements', () => {
  it('reads features, limits, tiers and actions, with production’s defaults', () => {
    const parsed = parseEntitlements(`${HEAD}
features:
  export: { default: false }
  share: {}
limits:
  videos: { type: consumable, reset: weekly, default: 3 }
  seats: { type: cap }
  size: {}
tiers:
  free: { features: { export: no } }
  pro: { inherits: free, limits: { videos: 10 } }
actions:
  render: { requires_features: [export], consumes: { videos: 2 } }
`);
    expect(parsed).toMatchObject({
      ok: true,
      config: {
        features: { export: { default: false }, share: { default: true } },
        limits: {
          videos: { type: 'consumable', reset: 'weekly', default: 3 },
          seats: { type: 'cap', reset: 'monthly', default: 0 },
          size: { type: 'consumable', reset: 'monthly', default: 0 },
        },
        tiers: {
          free: { features: { export: false }, limits: {} },
          pro: { inherits: 'free', features: {}, limits: { videos: 10 } },
        },
        actions: { render: { requires_features: ['export'], consumes: { videos: 2 } } },
      },
    });
  });

  it('is YAML 1.1: yes, no, on and off are booleans', () => {
    const text = `${HEAD}features: { a: { default: yes }, b: { default: Off }, c: { default: "yes" } }`;
    expect(problemsOf(text)).toHaveLength(1);
    expect(problemsOf(text)[0]).toMatch(/^features\.c\.default: /);
  });

  it.each([
    ['a version that is a number', 'schema_version: 1.0\nplugin: x', /^schema_version: give .*"1\.0"/],
    ['no plugin', 'schema_version: "1.0"', /^plugin: /],
    ['nothing', '', /^the file: /],
    ['a list', '- a', /^the file: /],
    ['broken YAML', 'plugin: [a', /./],
    ['an unknown reset', `${HEAD}limits: { a: { reset: hourly } }`, /^limits\.a\.reset: /],
    ['an unknown type', `${HEAD}limits: { a: { type: quota } }`, /^limits\.a\.type: /],
    ['features as a list', `${HEAD}features: [a]`, /^features: /],
    [
      'an unknown parent',
      `${HEAD}tiers: { a: { inherits: b } }`,
      /^tiers\.a\.inherits: there is no tier 'b'$/,
    ],
    ['an unknown feature', `${HEAD}actions: { a: { requires_features: [f] } }`, /there is no feature 'f'$/],
    ['an unknown limit', `${HEAD}actions: { a: { consumes: { l: 1 } } }`, /there is no limit 'l'$/],
  ])('refuses %s', (_, text, problem) => {
    expect(problemsOf(text)[0]).toMatch(problem);
  });

  it('refuses tiers that inherit in a circle', () => {
    const tiers = 'tiers: { a: { inherits: b }, b: { inherits: a }, c: { inherits: a } }';
    expect(problemsOf(HEAD + tiers)).toEqual([
      'tiers.a.inherits: it inherits from itself',
      'tiers.b.inherits: it inherits from itself',
      'tiers.c.inherits: it inherits from itself',
    ]);
  });

  it('T5: takes no more than linear time over tiers that inherit from one another', () => {
    const rows = Array.from({ length: 2_000 }, (_, at) => `  t${at}: { inherits: t${(at + 1) % 2_000} }`);
    const text = `${HEAD}tiers:\n${rows.join('\n')}\n`;
    // Walked through from each of them anew it takes several seconds; parsing alone, some tenths.
    expect(cpuTimeMs(() => expect(problemsOf(text)).toHaveLength(2_000))).toBeLessThan(2_500);
  });

  it('T5: takes no more than linear time over a file that is wrong at each letter', () => {
    const text = `s:<<: *a${'['.repeat(32_000)}${']'.repeat(32_000)}`;
    // With the places of all of them it takes six seconds; without, one.
    expect(cpuTimeMs(() => expect(problemsOf(text)[0]).toMatch(/ at line 1, column \d+$/))).toBeLessThan(
      4_000,
    );
  });

  it('T5: refuses what is nested so deeply that building it could end the process', () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{a: ', '}'],
      ['- ', ''],
      ['? ', ''],
    ] as const) {
      const nested = (levels: number) => `${open.repeat(levels)}1${close.repeat(levels)}`;
      expect(problemsOf(nested(100_000))[0]).toMatch(/^it is nested deeper than 100 levels/);
      expect(problemsOf(nested(20))[0]).toMatch(/^(schema_version|the file): /);
    }
  });

  it('refuses a file whose aliases multiply', () => {
    const rows = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (const [name, of] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf'].map(([name, of]) => [name, of])) {
      rows.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${of}`).join(', ')}]`);
    }
    expect(parseEntitlements(rows.join('\n'))).toEqual({
      ok: false,
      problems: ['its aliases stand for more than 100 values: write out what they stand for'],
      isOverLimit: true,
    });
    expect(parseEntitlements(`${HEAD}features: *a`)).toMatchObject({
      problems: ['Unresolved alias (the anchor must be set before the alias): a'],
      isOverLimit: false,
    });
  });

  it('pollutes nothing', () => {
    const parsed = parseEntitlements(`${HEAD}features: { __proto__: { default: false } }`);
    expect(parsed.ok).toBe(true);
    expect(({} as { default?: boolean }).default).toBeUndefined();
  });
});
