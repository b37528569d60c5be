import { describe, expect, it, vi } from 'vitest';
import type { Command } from '../../../../renderer/state/app/commands.ts';
import { hasModifier, matchesKeys } from '../../../../renderer/state/app/hotkeys.ts';
import { stubStores } from '../../support/stub-stores.ts';

function begin() {
  const stub = stubStores();
  const { commands } = stub.stores;
  const offer = (...offered: readonly Partial<Command>[]) =>
    commands.register(() =>
      offered.map((command) => ({ id: 'a', title: 'A', group: 'Traces', run: () => undefined, ...command })),
    );
  return { ...stub, commands, offer };
}

describe('commands', () => {
  it('are offered until they are unregistered, in the order of the groups', () => {
    const { commands, offer } = begin();
    offer({ id: 'later', group: 'Settings' });
    const unregister = offer({ id: 'first', group: 'This screen' });
    expect(commands.current().map(({ id }) => id)).toEqual(['first', 'later']);
    unregister();
    expect(commands.current().map(({ id }) => id)).toEqual(['later']);
  });

  it('are read when they are needed', () => {
    const { commands } = begin();
    let title = 'Pause';
    commands.register(() => [{ id: 'p', title, group: 'Traces', run: () => undefined }]);
    title = 'Resume';
    expect(commands.current()[0]?.title).toBe('Resume');
  });

  it('announce their failure and remember their use', async () => {
    const { commands, offer, announced, page } = begin();
    offer({ id: 'x', title: 'Do x', run: () => Promise.reject(new Error('no x here')) });
    const [command] = commands.current();
    if (command) commands.run(command);
    await vi.waitFor(() =>
      expect(announced).toEqual([{ tone: 'bad', title: 'Do x failed', text: 'no x here' }]),
    );
    expect(commands.store.getState().recent[0]).toBe('x');
    expect(page.stored.get('recent-commands')).toBe('["x"]');
  });

  it('do nothing while they can’t be done', async () => {
    const { commands } = begin();
    const run = vi.fn();
    commands.run({ id: 'n', title: 'N', group: 'Run', unavailable: 'not now', run });
    await Promise.resolve();
    expect(run).not.toHaveBeenCalled();
    expect(commands.store.getState().recent).not.toContain('n');
  });
});

describe('shortcuts', () => {
  const press = (key: string, held: string[] = []) => ({
    key,
    ctrlKey: held.includes('ctrl'),
    metaKey: held.includes('meta'),
    altKey: held.includes('alt'),
    shiftKey: held.includes('shift'),
  });

  it.each([
    ['mod+K', press('k', ['ctrl']), false, true],
    ['mod+K', press('k', ['meta']), true, true],
    ['mod+K', press('k', ['meta']), false, false],
    ['mod+K', press('k', ['ctrl', 'shift']), false, false],
    ['mod+shift+P', press('P', ['ctrl', 'shift']), false, true],
    ['R', press('r'), false, true],
    ['R', press('R', ['shift']), false, false],
    ['R', press('r', ['ctrl']), false, false],
    ['?', press('?', ['shift']), false, true],
    ['/', press('/'), false, true],
    ['mod+1', press('1', ['ctrl']), false, true],
    ['Escape', press('Escape'), false, true],
  ] as const)('%s against %o (on a Mac: %s) is %s', (keys, pressed, mac, expected) => {
    expect(matchesKeys(keys, pressed, mac)).toBe(expected);
  });

  it('know which of them typing can’t make', () => {
    expect(['mod+K', 'alt+P', 'shift+P', 'R'].map(hasModifier)).toEqual([true, true, false, false]);
  });
});
