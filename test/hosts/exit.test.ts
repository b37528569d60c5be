import { expect, it } from 'vitest';
import { describeExit, type ExitFacts } from '../../main/hosts/exit.ts';

const facts: ExitFacts = { killed: null, code: 1, signal: null, dying: null, stderr: '', memoryLimitMb: 512 };

it.each([
  ['by itself', {}, 'exit code 1', true],
  ['a foreign signal', { code: null, signal: 'SIGKILL' }, 'the signal SIGKILL', true],
  ['last words', { dying: 'an uncaught error: boom' }, 'an uncaught error: boom', true],
  [
    'the engine ran out of heap',
    {
      code: null,
      signal: 'SIGABRT',
      stderr: 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    },
    'out of memory: it passed the limit of 512 MB',
    true,
  ],
  ['our own limit', { killed: 'memory', code: null, signal: 'SIGKILL' }, 'out of memory', true],
  [
    'a deadline, whatever the exit code says',
    { killed: 'deadline', code: 0 },
    'ran past its deadline',
    false,
  ],
  ['parking', { killed: 'parked' }, 'was parked', false],
] satisfies [string, Partial<ExitFacts>, string, boolean][])(
  'recognizes the end by %s',
  (_, some, words, crash) => {
    expect(describeExit({ ...facts, ...some })).toMatchObject({
      reason: expect.stringContaining(words),
      crash,
    });
  },
);
