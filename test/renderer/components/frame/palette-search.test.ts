import { describe, expect, it } from 'vitest';
import { searchCommands } from '../../../../renderer/components/frame/palette-search.ts';
import type { Command } from '../../../../renderer/state/app/commands.ts';

function command(id: string, title: string, changes: Partial<Command> = {}): Command {
  return { id, title, group: 'Plugins', run: () => undefined, ...changes };
}

const COMMANDS = [
  command('screen:run', 'Run', { group: 'Screens' }),
  command('plugin.run:hello', 'Run hello'),
  command('plugin.reload:hello', 'Reload hello'),
  command('plugin.reload:whoami', 'Reload whoami', { words: 'Who am I' }),
  command('contract.check', 'Run contract checks', { group: 'Contract' }),
  command('trace.next', 'Next trace', { group: 'This screen', listed: false }),
];

function titles(query: string, recent: readonly string[] = []): string[] {
  return searchCommands(COMMANDS, query, recent).flatMap(({ found }) =>
    found.map(({ command: { title } }) => title),
  );
}

describe('the palette’s search', () => {
  it('puts the start of a title before the middle, and that before letters that are scattered', () => {
    expect(titles('run')).toEqual(['Run', 'Run hello', 'Run contract checks']);
    expect(titles('hello')).toEqual(['Run hello', 'Reload hello']);
    expect(titles('rcc')).toEqual(['Run contract checks']);
    expect(titles('rlwho')).toEqual(['Reload whoami']);
  });

  it('wants every word, wherever it is', () => {
    expect(titles('hello rel')[0]).toBe('Reload hello');
    expect(titles('am i reload')).toEqual(['Reload whoami']);
    expect(titles('hello nothing')).toEqual([]);
  });

  it('marks the letters that were hit', () => {
    const [group] = searchCommands(COMMANDS, 'rcc', []);
    expect([...(group?.found[0]?.hits ?? [])]).toEqual([0, 4, 13]);
  });

  it('shows what was used last first, each command once, and no bare shortcut', () => {
    expect(titles('', ['contract.check', 'gone'])).toEqual([
      'Run contract checks',
      'Run',
      'Run hello',
      'Reload hello',
      'Reload whoami',
    ]);
    expect(titles('next')).toEqual([]);
  });

  it('says how many more there are of a long group', () => {
    const many = Array.from({ length: 300 }, (_, at) => command(`plugin.run:p${at}`, `Run p${at}`));
    const [group] = searchCommands(many, '', []);
    expect([group?.found.length, group?.more]).toEqual([6, 294]);
    const found = searchCommands(many, 'run', []);
    expect([found[0]?.found.length, found[0]?.more]).toEqual([40, 260]);
  });

  it('takes a query as text, whatever signs it has', () => {
    expect(titles('[(*')).toEqual([]);
  });
});
