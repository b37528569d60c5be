import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { errorCode, errorMessage, hasErrorCode } from '../../main/system/errors.ts';

const missing: unknown = await readFile('/nowhere/at all').catch((error: unknown) => error);

describe('errorCode', () => {
  it('is the system’s code', () => expect(errorCode(missing)).toBe('ENOENT'));

  it.each([
    [undefined],
    [null],
    ['ENOENT'],
    [new Error('x')],
    // A DOMException's code is a number of an old list, which says less than its name.
    [new DOMException('stopped', 'AbortError')],
  ])('is undefined for %o', (thrown) => expect(errorCode(thrown)).toBeUndefined());
});

describe('hasErrorCode', () => {
  it('tells one of several', () => {
    expect(hasErrorCode(missing, 'ENOTDIR', 'ENOENT')).toBe(true);
    expect(hasErrorCode(missing, 'EACCES')).toBe(false);
    expect(hasErrorCode(new Error('no code'), 'ENOENT')).toBe(false);
  });
});

describe('errorMessage', () => {
  it('takes what an error says, and anything else that was thrown', () => {
    expect(errorMessage(new TypeError('wrong'))).toBe('wrong');
    expect(errorMessage('plain')).toBe('plain');
    expect(errorMessage(new AggregateError([]))).toBe('AggregateError');
    expect(errorMessage(null)).toBe('null');
  });
});
