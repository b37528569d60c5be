import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Announcement, onAnnouncement } from '../../../../renderer/state/app/announcements.ts';
import {
  type Command,
  commandStore,
  currentCommands,
  registerCommands,
  runCommand,
} from '../../../../renderer/state/app/commands.ts';
import { hasModifier, matchesKeys } from '../../../../renderer/state/app/hotkeys.ts';

function offer(...commands: readonly Partial<Command>[]): () => void {
  const undo = registerCommands(() =>
    commands.map((command) => ({ id: 'a', title: 'A', group: 'Traces', run: () => undefined, ...command })),
  );
  onTestFinished(() => void undo());
  return undo;
}

describe('commands', () => {
  it('are offered from registering to its undo, in the order of the groups', () => {
    offer({ id: 'later', group: 'Settings' });
    const undo = offer({ id: 'first', group: 'This screen' });
    expect(currentCommands().map(({ id }) => id)).toEqual(['first', 'later']);
    undo();
    expect(currentCommands().map(({ id }) => id)).toEqual(['later']);
  });

  it('are read when they are needed', () => {
    let title = 'Pause';
    onTestFinished(
      registerCommands(() => [{ id: 'p', title, group: 'Traces', run: () => undefined }]) as () => void,
    );
    title = 'Resume';
    expect(currentCommands()[0]?.title).toBe('Resume');
  });

  it('announce their failure and remember their use', async () => {
    const heard: Announcement[] = [];
    onTestFinished(onAnnouncement((announcement) => heard.push(announcement)) as () => void);
    offer({ id: 'x', title: 'Do x', run: () => Promise.reject(new Error('no x here')) });
    const [command] = currentCommands();
    if (command) runCommand(command);
    await vi.waitFor(() => expect(heard).toEqual([{ tone: 'bad', title: 'Do x failed', text: 'no x here' }]));
    expect(commandStore.getState().recent[0]).toBe('x');
  });

  it('do nothing while they can’t be done', async () => {
    const run = vi.fn();
    runCommand({ id: 'n', title: 'N', group: 'Run', unavailable: 'not now', run });
    await Promise.resolve();
    expect(run).not.toHaveBeenCalled();
    expect(commandStore.getState().recent).not.toContain('n');
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
