import { describe, expect, it } from 'vitest';
import { findEditor, type Surroundings } from '../../main/editor/find.ts';
import { needsTerminal, runningEditor, splitCommand } from '../../main/editor/known.ts';

const nowhere: Surroundings = { running: async () => null, isOnPath: async () => false };
const given = (command: string, variable: string) => ({ command, variable });
const settings = (chosen: string | null, usual: string | null = null) => ({
  chosen: chosen === null ? null : given(chosen, 'MOZAIKS_EDITOR'),
  usual: usual === null ? null : given(usual, 'EDITOR'),
  searchPath: undefined,
});

describe('which editor opens a file', () => {
  it('is the chosen one before all others, with its own arguments', async () => {
    const around: Surroundings = { running: async () => 'code', isOnPath: async () => true };
    expect(await findEditor(settings('"/opt/My Editor/zed" --wait', 'idea'), around)).toEqual([
      '/opt/My Editor/zed',
      '--wait',
    ]);
  });

  it('is the one that runs, then the usual one, then one on the PATH', async () => {
    const onPath = { ...nowhere, isOnPath: async (command: string) => command === 'subl' };
    expect(await findEditor(settings(null, 'kate'), { ...onPath, running: async () => 'idea' })).toEqual([
      'idea',
    ]);
    expect(await findEditor(settings(null, 'kate -n'), onPath)).toEqual(['kate', '-n']);
    expect(await findEditor(settings(null), onPath)).toEqual(['subl']);
  });

  it('is never one that needs a terminal: another is taken, or it says why and what to do', async () => {
    const onPath = { ...nowhere, isOnPath: async (command: string) => command === 'code' };
    expect(await findEditor(settings(null, '/usr/bin/vim'), onPath)).toEqual(['code']);
    await expect(findEditor(settings(null, 'vim'), nowhere)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/^EDITOR is vim, which needs a terminal.*set MOZAIKS_EDITOR/),
    });
    await expect(findEditor(settings('nano -w'), onPath)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/^MOZAIKS_EDITOR is nano -w, which needs a terminal/),
    });
  });

  it('says what to set when none is known', async () => {
    await expect(findEditor(settings(null), nowhere)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/^No editor is known: set MOZAIKS_EDITOR/),
    });
  });

  it('knows Emacs by how it is asked for, and processes by their whole name', () => {
    expect(needsTerminal(['emacs'])).toBe(false);
    expect(needsTerminal(['emacsclient', '-t'])).toBe(true);
    expect(runningEditor(['bash', 'code-helper', 'codec', 'vim'])).toBeNull();
    expect(runningEditor(['bash', 'pycharm.sh'])).toBe('pycharm');
  });

  it('splits a command by blanks and quotes, and takes nothing as a shell would', () => {
    expect(splitCommand(`  'a b' "c d" $(rm) ; && `)).toEqual(['a b', 'c d', '$(rm)', ';', '&&']);
  });
});
