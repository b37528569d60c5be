import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../support/folders.ts';

/** What the built UI weighs, and that no component came without its styles. */

/** All screens together; each is loaded when it is first shown. */
const LIMIT = 1_650_000;
/** What must be there before anything is painted. */
const FIRST_LIMIT = 800_000;

const folder = join(projectRoot, 'out/renderer');

interface BuiltFile {
  readonly name: string;
  readonly bytes: number;
}

async function builtFiles(): Promise<readonly BuiltFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const sized = await Promise.all(
    files.map(async (path) => ({ name: relative(folder, path), bytes: (await stat(path)).size })),
  );
  return sized.sort((a, b) => b.bytes - a.bytes);
}

function sum(files: readonly BuiltFile[]): number {
  return files.reduce((total, { bytes }) => total + bytes, 0);
}

/** The message of a failure: the total and what makes most of it. */
function account(files: readonly BuiltFile[]): string {
  const largest = files.slice(0, 8).map(({ name, bytes }) => `  ${bytes.toLocaleString('en')}  ${name}`);
  return [`${sum(files).toLocaleString('en')} bytes; the largest:`, ...largest].join('\n');
}

async function textOf(extension: string): Promise<string> {
  const files = (await builtFiles()).filter(({ name }) => name.endsWith(extension));
  return (await Promise.all(files.map(({ name }) => readFile(join(folder, name), 'utf8')))).join('\n');
}

describe('the built UI', () => {
  it(`weighs at most ${LIMIT} bytes`, async () => {
    const files = await builtFiles();
    expect(files.length).toBeGreaterThan(5);
    expect(sum(files), account(files)).toBeLessThanOrEqual(LIMIT);
  });

  it(`needs at most ${FIRST_LIMIT} bytes for its first screen`, async () => {
    const page = await readFile(join(folder, 'index.html'), 'utf8');
    const first = (await builtFiles()).filter(({ name }) => name === 'index.html' || page.includes(name));
    expect(first.length).toBeGreaterThan(2);
    expect(sum(first), account(first)).toBeLessThanOrEqual(FIRST_LIMIT);
  });

  it('has the styles of every library component in it', async () => {
    const classes = (text: string) => new Set(text.match(/\bm_[0-9a-f]{6,8}\b/g));
    const styled = classes(await textOf('.css'));
    const sheet = await readFile(join(projectRoot, 'node_modules/@mantine/core/styles.css'), 'utf8');
    const wanted = [...classes(await textOf('.js'))].filter((name) => sheet.includes(`.${name}`));
    expect(wanted.length).toBeGreaterThan(30);
    expect(wanted.filter((name) => !styled.has(name))).toEqual([]);
  });

  it('defines every colour that it paints with', async () => {
    const built = `${await textOf('.css')}\n${await textOf('.js')}`;
    const used = new Set([...built.matchAll(/var\((--mantine-color-[a-z]+-\d)\b/g)].map(([, name]) => name));
    expect(used.size).toBeGreaterThan(20);
    expect([...used].filter((name) => !built.includes(`${name}:`))).toEqual([]);
  });
});
