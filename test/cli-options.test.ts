import { describe, expect, it, test } from 'vitest';
import { parseCommand } from '../main/cli-options.ts';

describe('new', () => {
  it.each([
    ['new greeter', 'typescript', null],
    ['new greeter --language js', 'javascript', null],
    ['new -l python greeter', 'python', null],
    ['new --language=py --plugins=/p=q greeter', 'python', '/p=q'],
    ['new greeter -p ../plugins --language typescript', 'typescript', '../plugins'],
  ] as const)('%s', (line, language, plugins) => {
    expect(parseCommand(line.split(' '))).toEqual({ kind: 'new', name: 'greeter', language, plugins });
  });

  it.each([
    ['', 'No command was given'],
    ['old greeter', "There is no command 'old'"],
    ['new', 'needs a name'],
    ['new a b', "'b' is one too many"],
    ['new a/b', "'a/b' can't be a plugin's name"],
    ['new _a', 'are skipped'],
    ['new a --language ruby', "'ruby' is no language for plugins"],
    ['new a --language', '--language needs a value'],
    ['new a --plugins=', '--plugins needs a value'],
    ['new a -l ts -l js', '-l is given twice'],
    ['new a --force', "There is no option '--force'"],
  ])('%j is wrong', (line, words) => {
    const command = parseCommand(line.split(' ').filter(Boolean));
    expect(command).toMatchObject({ kind: 'wrong', problem: expect.stringContaining(words) });
  });
});

test.each(['--help', 'new --help', 'new a -h'])('%s asks for help', (line) => {
  expect(parseCommand(line.split(' '))).toEqual({ kind: 'help' });
});
