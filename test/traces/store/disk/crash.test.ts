import { fork } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseRows } from '../../../../main/traces/store/disk/segment-files.ts';
import { traceFolderPath } from '../../../../main/traces/store/disk/trace-folder.ts';
import { projectRoot } from '../../../support/folders.ts';
import { threadScripts } from '../../../support/host-script.ts';
import { OWNER } from '../../../support/trace-fixture.ts';
import { openStore, readBack, type TestStore, traceOf, userFolder } from '../../../support/traces.ts';

/** A store whose traces are on disk, closed, and the bytes of its only file. */
async function written(count: number): Promise<TestStore & { file: string; bytes: Buffer }> {
  const kept = await openStore();
  kept.add(1, count);
  await kept.store.close();
  const [file = ''] = kept.files();
  return { ...kept, file, bytes: readFileSync(file) };
}

/** Whole rows in the segments of a folder. */
function rowsIn(folder: string): number {
  const segments = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.jsonl')) : [];
  return segments.reduce((sum, name) => sum + countLines(readFileSync(join(folder, name))), 0);
}

const countLines = (bytes: Buffer) => bytes.reduce((lines, byte) => lines + (byte === 10 ? 1 : 0), 0);

const seqs = ({ store }: TestStore) => store.list({ limit: 100 }).traces.map(({ seq }) => seq);

async function reopened({ configPath }: TestStore): Promise<TestStore> {
  const kept = await openStore({ configPath });
  await readBack(kept);
  return kept;
}

describe('a record that was cut short', () => {
  it('is passed over wherever the cut is, and all before it stay', async () => {
    const { bytes } = await written(3);
    const last = bytes.lastIndexOf('\n', bytes.length - 2) + 1;
    for (let cut = last; cut < bytes.length; cut += 1) {
      const { offsets, size, damaged } = parseRows(bytes.subarray(0, cut));
      expect({ cut, rows: offsets.length, size, damaged }).toEqual({
        cut,
        rows: 2,
        size: last,
        damaged: cut === last ? 0 : 1,
      });
    }
    expect(parseRows(bytes).offsets).toHaveLength(3);
  });

  it('costs no other: new ones are written in its place', async () => {
    const first = await written(3);
    writeFileSync(first.file, first.bytes.subarray(0, first.bytes.length - 40));
    const second = await reopened(first);
    expect(second.store.list({ limit: 1 })).toMatchObject({ kept: 2, damaged: 1 });
    second.add(9, 10);
    await second.store.close();
    const third = await reopened(first);
    expect(seqs(third)).toEqual([4, 3, 2, 1]);
    expect(third.store.list({ limit: 1 }).damaged).toBeUndefined();
    for (const [number, seq] of [
      [9, 3],
      [10, 4],
    ] as const) {
      expect(await third.store.read(traceOf(number).id)).toEqual({ ...traceOf(number), seq });
    }
    expect(third.files()).toEqual([first.file]);
  });
});

describe('a record that was damaged', () => {
  it.each([
    [
      'zeros, as a crash leaves them',
      (record: Buffer) => record.fill(0, record.indexOf('"request"') + 20, record.length - 40),
    ],
    ['another text', (record: Buffer) => record.fill('what is this?')],
    [
      'a row that is none',
      (record: Buffer) =>
        record.fill('"plugin":17,   ', record.indexOf('"plugin"'), record.indexOf('"outcome"')),
    ],
  ])('by %s is passed over and counted', async (_title, damage) => {
    const first = await written(3);
    const from = first.bytes.indexOf('\n') + 1;
    damage(first.bytes.subarray(from, first.bytes.indexOf('\n', from)));
    writeFileSync(first.file, first.bytes);
    const second = await reopened(first);
    expect(seqs(second)).toEqual([3, 1]);
    expect(second.store.list({ limit: 1 })).toMatchObject({ kept: 2, damaged: 1 });
    expect(await second.store.read(traceOf(1).id)).toMatchObject({ seq: 1 });
    expect(await second.store.search({ limit: 9, text: 'order-' })).toMatchObject({ matched: 2 });
  });

  it('inside is found out when it is read, and is a trace no more', async () => {
    const first = await written(3);
    const at = first.bytes.indexOf('"order-2"');
    first.bytes.fill('"order"2""', at, at + 9);
    writeFileSync(first.file, first.bytes);
    const second = await reopened(first);
    expect(seqs(second)).toEqual([3, 2, 1]);
    expect(await second.store.search({ limit: 9, text: 'order' })).toMatchObject({ matched: 2 });
    expect(await second.store.read(traceOf(2).id)).toBeUndefined();
    expect(seqs(second)).toEqual([3, 1]);
    expect(second.store.list({ limit: 1 })).toMatchObject({ kept: 2, damaged: 1 });
  });

  it('or copied in from elsewhere never counts twice', async () => {
    const first = await written(3);
    appendFileSync(first.file, first.bytes);
    const second = await reopened(first);
    expect(seqs(second)).toEqual([3, 2, 1]);
  });
});

describe('a process that is killed', () => {
  it('loses at most what it had not written yet, and its lock is taken over', async () => {
    const configPath = await userFolder();
    const script = join(configPath, 'writer.cjs');
    await build({
      entryPoints: [join(projectRoot, 'test/support/trace-writer.ts')],
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      logLevel: 'warning',
    });
    const child = fork(script, [configPath, threadScripts.traces]);
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    const folder = traceFolderPath(configPath, OWNER);
    const written = await new Promise<number>((resolve) => {
      child.on('message', () => {
        const count = rowsIn(folder);
        if (count < 1_000) {
          child.send('go on');
          return;
        }
        if (child.killed) return;
        // In the middle of its writing.
        child.kill('SIGKILL');
        child.once('exit', () => resolve(count));
      });
    });
    const kept = await openStore({ configPath });
    await readBack(kept);
    const found = kept.store.list({ limit: 100_000 });
    expect(found).toMatchObject({ place: 'disk', dropped: 0 });
    expect(kept.store.notices()).toEqual([]);
    // All that was on disk by then, without a gap.
    expect(found.kept).toBeGreaterThanOrEqual(written);
    expect(found.traces.map(({ seq }) => seq)).toEqual(
      Array.from({ length: found.kept }, (_, at) => found.kept - at),
    );
    expect(await kept.store.read(found.traces[0]?.id ?? '')).toMatchObject({ seq: found.kept });
    kept.add(900_000, 900_000);
    expect(kept.store.list({ limit: 1 }).traces[0]?.seq).toBe(found.kept + 1);
  });
});
