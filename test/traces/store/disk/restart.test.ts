import { readFileSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openStore, readBack, traceOf } from '../../../support/traces.ts';

it('shows the traces of earlier runs, whole, and numbers go on after them', async () => {
  const first = await openStore();
  first.add(1, 30);
  await first.store.close();
  const second = await openStore({ configPath: first.configPath });
  second.add(31, 31);
  await readBack(second);
  expect(second.store.list({ limit: 3 })).toMatchObject({
    traces: [{ seq: 31 }, { seq: 30 }, { seq: 29 }],
    matched: 31,
    kept: 31,
    dropped: 0,
    place: 'disk',
  });
  expect(await second.store.read(traceOf(7).id)).toEqual({ ...traceOf(7), seq: 7 });
  expect(await second.store.search({ limit: 5, text: 'ORDER-7' })).toMatchObject({
    matched: 1,
    traces: [{ seq: 7 }],
  });
  await second.store.close();
  const third = await openStore({ configPath: first.configPath });
  await readBack(third);
  expect(third.store.counts()).toEqual({ kept: 31, dropped: 0 });
  expect(third.files()).toHaveLength(1);
});

it('keeps files that only the user can read, each line of them JSON', async () => {
  const { add, store, files, folder } = await openStore();
  add(1, 5);
  await store.close();
  const [file = ''] = files();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).seq)).toEqual([1, 2, 3, 4, 5]);
});
