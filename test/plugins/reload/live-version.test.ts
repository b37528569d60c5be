import { appendFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { returned } from '../../support/returned.ts';
import { type Bench, bench, eventually, save } from '../workspace.ts';

/**
 * A failure prints its seed and path, with which fast-check tries the same again. Each run takes a second, so
 * there are few, and the one that fails is not made smaller.
 */
const RUNS = { numRuns: 8, endOnFailure: true };

const FILES = ['logic.js', 'helper.js'] as const;
type FileName = (typeof FILES)[number];

/** The source of a version of a file; the plugin answers with both versions. */
const SOURCES: Readonly<Record<FileName, (version: number) => string>> = {
  'logic.js': (version) =>
    `import { helper } from './helper.js';\nexport const execute = () => ({ logic: ${version}, helper });\n`,
  'helper.js': (version) => `export const helper = ${version};\n`,
};
const BROKEN = 'export const execute = (';

/** What a file holds: a version, something that doesn't compile, or nothing. */
type Content = number | 'broken' | 'gone';
type Disk = Record<FileName, Content>;

const WAYS = ['replace', 'overwrite', 'write in two', 'break', 'delete', 'move', 'delete folder'] as const;

interface Step {
  readonly way: (typeof WAYS)[number];
  readonly file: FileName;
  /** Before the next step. */
  readonly pauseMs: number;
}

const steps = fc.array(
  fc.record<Step>({
    way: fc.constantFrom(...WAYS),
    file: fc.constantFrom(...FILES),
    pauseMs: fc.oneof(fc.constant(0), fc.nat(150)),
  }),
  { minLength: 1, maxLength: 8 },
);

/** A new folder was not watched after this: nothing that came later was noticed. */
const FOUND: readonly Step[] = [
  { way: 'delete folder', file: 'logic.js', pauseMs: 39 },
  { way: 'overwrite', file: 'logic.js', pauseMs: 0 },
  { way: 'move', file: 'logic.js', pauseMs: 0 },
  { way: 'delete folder', file: 'logic.js', pauseMs: 0 },
  { way: 'replace', file: 'logic.js', pauseMs: 0 },
  { way: 'replace', file: 'helper.js', pauseMs: 400 },
];

/** Does it as an editor, a tool or a person would; notes in `disk` what is there afterwards. */
async function apply({ way, file }: Step, folder: string, version: number, disk: Disk): Promise<void> {
  const path = join(folder, file);
  const source = SOURCES[file](version);
  if (way === 'delete folder') {
    await rm(folder, { recursive: true, force: true });
    for (const name of FILES) disk[name] = 'gone';
  } else if (way === 'delete') {
    await rm(path, { force: true });
    disk[file] = 'gone';
  } else if (way === 'move') {
    if (disk[file] === 'gone') return;
    await rename(path, `${path}.moved`);
    await rename(`${path}.moved`, path);
  } else {
    await mkdir(folder, { recursive: true });
    if (way === 'replace') await save(path, source);
    if (way === 'overwrite') await writeFile(path, source);
    if (way === 'break') await writeFile(path, BROKEN);
    if (way === 'write in two') {
      await writeFile(path, source.slice(0, source.length / 2));
      await appendFile(path, source.slice(source.length / 2));
    }
    disk[file] = way === 'break' ? 'broken' : version;
  }
}

/** Waits until the engine says and answers what is on disk. */
async function settled({ engine, call }: Bench, disk: Disk): Promise<void> {
  const { 'logic.js': logic, 'helper.js': helper } = disk;
  const result = async () => (await call('p')).result;
  if (logic === 'gone') return eventually(result).toEqual({ kind: 'unknown' });
  if (typeof logic === 'number' && typeof helper === 'number') {
    await eventually(result).toEqual(returned({ logic, helper }));
    return eventually(() => engine.get('p')?.failure).toBeNull();
  }
  await eventually(() => engine.get('p')?.status).toBe('failed');
  expect(['returned', 'load-failed']).toContain((await result()).kind);
}

it('F12: after any sequence of events the last good content is live, and a bad one is shown', async () => {
  const b = await bench({});
  const folder = join(b.folder, 'p');
  let version = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      const disk: Disk = { 'logic.js': 'gone', 'helper.js': 'gone' };
      const write = async (step: Step) => {
        version += 1;
        await apply(step, folder, version, disk);
        await delay(step.pauseMs);
      };
      for (const file of FILES) await write({ way: 'overwrite', file, pauseMs: 0 });
      await settled(b, disk);
      for (const step of sequence) await write(step);
      await settled(b, disk);
      for (const file of FILES) await write({ way: 'replace', file, pauseMs: 0 });
      await settled(b, disk);
    }),
    { ...RUNS, examples: [[[...FOUND]], [[...FOUND]]] },
  );
});
