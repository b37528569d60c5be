import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { readStored, writeStored } from '../../../../renderer/page.ts';
import { createStores, type Stores } from '../../../../renderer/stores.ts';
import { createStubBridge } from '../../support/stub-bridge.ts';
import { createStubPage } from '../../support/stub-page.ts';

interface StoredKey {
  readonly key: string;
  /** What the store makes of the stored value. */
  readonly read: (stores: Stores) => unknown;
  readonly defaults: unknown;
  /** A stored value, and what is read from it. */
  readonly good: readonly [stored: unknown, read: unknown];
  /** One with bad fields: they alone fall back. */
  readonly bad: readonly [stored: unknown, read: unknown];
  /** Changes what is stored. */
  readonly write: (stores: Stores) => void;
}

const CHOICES = { runPlugin: null, persona: 'user', runBodies: {}, splits: {}, tabs: {} };
const LIST = { column: 'name', descending: false, filter: '', last: null, detail: true };

const KEYS: readonly StoredKey[] = [
  {
    key: 'choices',
    read: ({ ui }) => ui.store.getState().choices,
    defaults: CHOICES,
    good: [
      { ...CHOICES, runPlugin: 'echo', persona: 'admin', tabs: { trace: 'jwt' } },
      { ...CHOICES, runPlugin: 'echo', persona: 'admin', tabs: { trace: 'jwt' } },
    ],
    bad: [
      {
        runPlugin: 'echo',
        persona: 'emperor',
        runBodies: { echo: '{}', slow: 7 },
        splits: { traces: 0.4, wide: 3, none: null },
        tabs: 'open',
        unknown: true,
      },
      { ...CHOICES, runPlugin: 'echo', runBodies: { echo: '{}' }, splits: { traces: 0.4 } },
    ],
    write: ({ ui }) => ui.choose({ runPlugin: 'other' }),
  },
  {
    key: 'theme',
    read: ({ appearance }) => appearance.store.getState().theme,
    defaults: 'auto',
    good: ['dark', 'dark'],
    bad: ['pink', 'auto'],
    write: ({ appearance }) => appearance.setTheme('light'),
  },
  {
    key: 'first-minute',
    read: ({ firstMinute }) => firstMinute.store.getState().phase,
    defaults: 'offered',
    good: ['closed', 'closed'],
    bad: ['going', 'offered'],
    write: ({ firstMinute }) => firstMinute.close(),
  },
  {
    key: 'plugins',
    read: ({ pluginList }) => pluginList.store.getState(),
    defaults: LIST,
    good: [
      { column: 'p95', descending: true, filter: 'x', last: 'a', detail: false },
      { column: 'p95', descending: true, filter: '', last: 'a', detail: false },
    ],
    bad: [
      { column: 'nonsense', descending: 1, filter: 'x', last: 'a', detail: 'no' },
      { ...LIST, last: 'a' },
    ],
    write: ({ pluginList }) => pluginList.sortBy('calls'),
  },
  {
    key: 'recent-commands',
    read: ({ commands }) => commands.store.getState().recent,
    defaults: [],
    good: [
      ['a', 'b'],
      ['a', 'b'],
    ],
    bad: [
      ['a', 7, null, 'b'],
      ['a', 'b'],
    ],
    write: ({ commands }) => commands.run({ id: 'c', title: 'C', group: 'Run', run: () => undefined }),
  },
];

function withStorage(storage: Partial<Storage>): Stores {
  vi.stubGlobal('localStorage', storage);
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  onTestFinished(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
  return createStores({
    bridge: createStubBridge({ setAppearance: () => null }).bridge,
    page: { ...createStubPage(), readStored, writeStored },
    now: () => 0,
  });
}

const holding = (key: string, text: string): Partial<Storage> => ({
  getItem: (asked) => (asked === `mozaiks-workbench.${key}` ? text : null),
});

describe.each(KEYS)('stored under $key', ({ key, read, defaults, good, bad, write }) => {
  it('is read back', () => {
    expect(read(withStorage(holding(key, JSON.stringify(good[0]))))).toEqual(good[1]);
  });

  it('loses only its bad fields', () => {
    expect(read(withStorage(holding(key, JSON.stringify(bad[0]))))).toEqual(bad[1]);
  });

  it.each(['', '{', 'null', '7', '[]', '"x"', 'undefined'])('falls back to the default for %j', (text) => {
    expect(read(withStorage(holding(key, text)))).toEqual(defaults);
  });

  it('needs no storage: reading and writing may throw', () => {
    const deny = () => {
      throw new Error('denied');
    };
    const stores = withStorage({ getItem: deny, setItem: deny });
    expect(read(stores)).toEqual(defaults);
    expect(() => write(stores)).not.toThrow();
    expect(read(stores)).not.toEqual(defaults);
  });

  it('is written in the form it is read in', () => {
    const stored = new Map<string, string>();
    const stores = withStorage({ setItem: (name, text) => void stored.set(name, text), getItem: () => null });
    write(stores);
    const text = stored.get(`mozaiks-workbench.${key}`) ?? '';
    expect(read(withStorage(holding(key, text)))).toEqual(read(stores));
  });
});
