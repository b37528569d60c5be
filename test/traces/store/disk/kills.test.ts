import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { build } from 'esbuild';
import fc from 'fast-check';
import { expect, it, onTestFinished, vi } from 'vitest';
import { traceFolderPath } from '../../../../main/traces/store/disk/trace-folder.ts';
import { projectRoot, temporaryFolder } from '../../../support/folders.ts';
import { threadScripts } from '../../../support/host-script.ts';
import { OWNER } from '../../../support/trace-fixture.ts';
import type { StoreAnswer, StoreRequest } from '../../../support/trace-store-child.ts';

/**
 * A failure prints its seed and path, with which fast-check tries the same again. Each kill takes a process, so
 * there are few, and a sequence that fails is not made smaller. `npm run fuzz -- --sequences 100` tries more.
 */
const RUNS = {
  numRuns: Number(process.env.WORKBENCH_FUZZ_SEQUENCES ?? 1),
  seed: Number(process.env.WORKBENCH_FUZZ_SEED ?? Date.now()),
  endOnFailure: true,
};

type Step =
  | { readonly way: 'add'; readonly count: number }
  /** Waits until all are on disk. */
  | { readonly way: 'settle' | 'clear' | 'close' }
  /** After so long, or while it clears; then adds some before the rest is read back. */
  | { readonly way: 'kill'; readonly afterMs: number; readonly clearing: Clearing; readonly count: number };

/** `cut` waits for its end: it is the way to be sure of a kill between its two steps. */
type Clearing = 'none' | 'begun' | 'cut';

const add = fc.record({ way: fc.constant('add' as const), count: fc.integer({ min: 1, max: 60 }) });
const kill = fc.record({
  way: fc.constant('kill' as const),
  afterMs: fc.oneof(fc.constant(0), fc.nat(60)),
  clearing: fc.constantFrom<Clearing[]>('none', 'none', 'begun', 'cut'),
  count: fc.nat(20),
});
const other = fc.constantFrom<Step[]>({ way: 'settle' }, { way: 'clear' }, { way: 'close' });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof({ weight: 4, arbitrary: add }, { weight: 4, arbitrary: kill }, { weight: 2, arbitrary: other }),
  { minLength: 12, maxLength: 12, size: 'max' },
);

/** Whatever else comes, a clearing is cut short over traces that are on disk. */
const LAST: readonly Step[] = [
  { way: 'add', count: 5 },
  { way: 'settle' },
  { way: 'kill', afterMs: 0, clearing: 'cut', count: 1 },
];

/** Where the counting of traces began anew with the last clearing. */
function baseIn(folder: string): number {
  const path = join(folder, 'base');
  return existsSync(path) ? Number(readFileSync(path, 'utf8')) : 1;
}

function segmentsIn(folder: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.jsonl')) : [];
  return names.sort().map((name) => join(folder, name));
}

/** The numbers of the traces whose whole lines are in the files. */
function onDisk(folder: string): number[] {
  return segmentsIn(folder)
    .flatMap((path) => readFileSync(path, 'utf8').split('\n').slice(0, -1))
    .map((line) => Number.parseInt(JSON.parse(line).id, 16));
}

/** A store in a process, started again after each kill, and what must be in it. */
function createWorkshop(script: string, configPath: string) {
  const folder = traceFolderPath(configPath, OWNER);
  let child: ChildProcess | null = null;
  let lastId = 0;
  let lastNumber = 0;
  /** What is on disk for sure, then what may be; both in the order they were added. */
  let acknowledged: readonly number[] = [];
  let pending: readonly number[] = [];
  /** Up to this one they are cleared, although a kill left their files. */
  let clearedTo = 0;

  function tell(request: { add: readonly number[] } | { ask: 'clear' | 'close' | 'list' }) {
    child ??= fork(script, [configPath, threadScripts.traces]);
    const asked = child;
    lastId += 1;
    const sent: StoreRequest = { ...request, id: lastId };
    return new Promise<StoreAnswer>((resolve, reject) => {
      const settle = (answer: StoreAnswer) => {
        if (answer.id !== sent.id) return;
        asked.off('message', settle).off('exit', fail);
        resolve(answer);
      };
      const fail = (_: number | null, signal: string | null) =>
        signal === 'SIGKILL' ? undefined : reject(new Error('the process ended by itself'));
      asked.on('message', settle).once('exit', fail).send(sent);
    });
  }

  async function add(count: number): Promise<void> {
    const numbers = Array.from({ length: count }, (_, at) => lastNumber + at + 1);
    lastNumber += count;
    pending = [...pending, ...numbers];
    await tell({ add: numbers });
  }

  async function end(): Promise<void> {
    if (child === null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    child = null;
  }

  /** Returns whether what was there counts as cleared. */
  async function endClearing({ clearing, afterMs }: Extract<Step, { way: 'kill' }>): Promise<boolean> {
    const [base, segments] = [baseIn(folder), segmentsIn(folder)];
    const contents = new Map(segments.map((path) => [path, readFileSync(path)]));
    const cleared = tell({ ask: 'clear' });
    await (clearing === 'cut' ? cleared : delay(afterMs / 10));
    await end();
    const isCleared = baseIn(folder) > base;
    // As a kill between the two steps leaves them: hardly any comes just then.
    if (isCleared) for (const [path, bytes] of contents) writeFileSync(path, bytes);
    return isCleared;
  }

  /** Nothing that was acknowledged has gone meanwhile. */
  function acknowledge(): void {
    const all = [...acknowledged, ...pending];
    const found = onDisk(folder).filter((number) => number > clearedTo);
    expect(found).toEqual(all.slice(0, found.length));
    expect(found.length).toBeGreaterThanOrEqual(acknowledged.length);
    acknowledged = found;
    pending = all.slice(found.length);
  }

  /** After a start: none is invented, changed, there twice, or missing before one that is there. */
  async function reopen(count: number, isCleared: boolean): Promise<void> {
    const before = [...acknowledged, ...pending];
    pending = [];
    await add(count);
    const { listed, damaged } = await tell({ ask: 'list' });
    const restored = listed.length - count;
    expect(listed.map(({ number }) => number).reverse()).toEqual([...before.slice(0, restored), ...pending]);
    if (isCleared) {
      expect(restored).toBe(0);
      clearedTo = before.at(-1) ?? clearedTo;
    } else expect(restored).toBeGreaterThanOrEqual(acknowledged.length);
    const seqs = listed.map(({ seq }) => seq);
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => b - a));
    // A record that the kill cut in two.
    expect(damaged).toBeLessThanOrEqual(1);
    acknowledged = before.slice(0, restored);
  }

  async function play(step: Step): Promise<void> {
    switch (step.way) {
      case 'add':
        return add(step.count);
      case 'settle':
        await vi.waitFor(
          () => {
            acknowledge();
            expect(pending).toEqual([]);
          },
          { interval: 5 },
        );
        return;
      case 'clear':
        await tell({ ask: 'clear' });
        [acknowledged, pending] = [[], []];
        return;
      case 'close':
        await tell({ ask: 'close' });
        await end();
        acknowledge();
        expect(pending).toEqual([]);
        return reopen(0, false);
      case 'kill':
        if (step.clearing === 'none') await delay(step.afterMs);
        acknowledge();
        if (step.clearing !== 'none') return reopen(step.count, await endClearing(step));
        await end();
        return reopen(step.count, false);
    }
  }

  return { play, end };
}

it('T6: of any sequence of kills each acknowledged trace is there once, and no other', async () => {
  const built = await temporaryFolder('kills');
  onTestFinished(built.remove);
  const script = join(built.path, 'store.cjs');
  await build({
    entryPoints: [join(projectRoot, 'test/support/trace-store-child.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'warning',
  });
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      const { path, remove } = await temporaryFolder('kills');
      const workshop = createWorkshop(script, path);
      try {
        for (const step of [...sequence, ...LAST]) await workshop.play(step);
      } finally {
        await workshop.end();
        await remove();
      }
    }),
    RUNS,
  );
});
