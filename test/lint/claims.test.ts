import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Each claim about safety names the tests that hold it, and they are there. */

const root = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(resolve(root, path), 'utf8');

const DOCUMENTS = ['SECURITY.md', 'README.md', 'main/auth/README.md'];

const codes = new Set(
  [...read('test/CASES.md').matchAll(/^\| ([A-Z]\d+) \|/gm)].map(([, code = '']) => code),
);
const letters = [...new Set([...codes].map((code) => code.charAt(0)))].join('');
/** `H7`; a list of them may be written `H1–H4`, whose ends are looked for. */
const CODE = new RegExp(`(?<![\\w.-])[${letters}]\\d{1,2}(?![\\w.-]\\w)`, 'g');

/** A file below `test/`, and the beginning of a title in it: `e2e/window-safety › has the safe values`. */
const TITLE = /`([\w/.-]+) › ([^`]+)`/g;

function isThere(file: string, title: string): boolean {
  const path = ['.test.ts', '.test.tsx']
    .map((end) => `test/${file}${end}`)
    .find((one) => existsSync(resolve(root, one)));
  // Where a test has a title, a bracket comes before it.
  return (
    path !== undefined &&
    new RegExp(`\\(\\s*(['"\`])${title.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')}`).test(read(path))
  );
}

describe.each(DOCUMENTS)('%s', (document) => {
  const text = read(document);

  it('names cases that are defined', () => {
    const named = [...text.matchAll(CODE)].map(([code]) => code);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((code) => !codes.has(code))).toEqual([]);
  });

  it('names tests that are there', () => {
    const missing = [...text.matchAll(TITLE)].filter(([, file = '', title = '']) => !isThere(file, title));
    expect(missing.map(([cited]) => cited)).toEqual([]);
  });

  it('has a test beside each claim of its tables', () => {
    let isClaims = false;
    for (const line of text.split('\n')) {
      if (line.endsWith('| tests |')) isClaims = true;
      else if (!line.startsWith('|')) isClaims = false;
      else if (isClaims && !line.startsWith('|---'))
        expect(line).toMatch(/\| [^|]*(?:\b[A-Z]\d|`[\w/.-]+ › |none)[^|]* \|$/);
    }
  });
});
