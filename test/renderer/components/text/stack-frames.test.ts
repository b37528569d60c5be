import { expect, it } from 'vitest';
import { parseStack } from '../../../../renderer/components/text/stack-frames.ts';

const places = (stack: string) => parseStack(stack).map(({ place }) => place);

it('finds the author’s own frames of a Node stack', () => {
  const stack =
    'TypeError: x is not (a:1:2)\n    at async execute (lib/part one.ts:3:9)\n    at logic.ts:12:1';
  expect(places(stack)).toEqual([
    null,
    { file: 'lib/part one.ts', line: 3, column: 9 },
    { file: 'logic.ts', line: 12, column: 1 },
  ]);
});

it('finds those of a Python traceback', () => {
  const stack =
    'Traceback (most recent call last):\n  File "money.py", line 7, in total\n    return a / b\nZeroDivisionError';
  expect(places(stack)).toEqual([null, { file: 'money.py', line: 7, column: null }, null, null]);
});

it('takes nothing outside of the folder for a place', () => {
  const stack =
    '    at /etc/passwd:1:1\n    at ../other/logic.ts:1:1\n    at node:fs:1:1\n    at <anonymous>:1:1';
  expect(places(stack)).toEqual([null, null, null, null]);
});
