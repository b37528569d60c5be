import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createPluginFileReader } from '../../main/entitlements/plugin-file.ts';
import { temporaryFolder } from '../support/folders.ts';

/** A plan is read for each call (CONTRACT.md §4), and parsed for each change. */

const plan = (version: string) => `schema_version: "${version}"\nplugin: p\n`;

async function workspace() {
  const { path, remove } = await temporaryFolder('plan');
  onTestFinished(remove);
  await mkdir(join(path, 'p'));
  const readPlan = createPluginFileReader();
  return {
    read: () => readPlan(path, 'p'),
    write: async (text: string, at = new Date()) => {
      await writeFile(join(path, 'p/entitlements.yaml'), text);
      await utimes(join(path, 'p/entitlements.yaml'), at, at);
    },
  };
}

it.each(['1.0', '9.9'])('the same text of version %s is not parsed again', async (version) => {
  const { read, write } = await workspace();
  await write(plan(version));
  const first = await read();
  await write(plan(version), new Date(0));
  expect(await read()).toBe(first);
});

it('sees a change that leaves the file’s size and time as they were', async () => {
  const { read, write } = await workspace();
  expect((await read()).kind).toBe('none');
  const at = new Date(0);
  const seen: string[] = [];
  for (const version of ['1.0', '9.9', '1.0']) {
    await write(plan(version), at);
    seen.push((await read()).kind);
  }
  expect(seen).toEqual(['valid', 'invalid', 'valid']);
});

it('says whether only a limit of its own is passed', async () => {
  const { read, write } = await workspace();
  await write(`${plan('1.0')}#${'x'.repeat(64 * 1024)}`);
  expect(await read()).toEqual({
    kind: 'invalid',
    problems: ["it can't be read: it is larger than the limit of 64 KiB; make it smaller"],
    isOverLimit: true,
  });
  await write(`${plan('1.0')}more: ${'['.repeat(101)}${']'.repeat(101)}`);
  expect(await read()).toMatchObject({ kind: 'invalid', isOverLimit: true });
  await write(plan('9.9'));
  expect(await read()).toMatchObject({ kind: 'invalid', isOverLimit: false });
});
