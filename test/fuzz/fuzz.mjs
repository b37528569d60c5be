/**
 * `npm run fuzz`: what the runtime is given, made wrong. Without options: all three parts.
 *
 *   --requests <n>   malformed requests over raw sockets against the built runtime, some of them calls of its
 *                    Inspector, with clients that leave and reset (100000)
 *   --texts <n>      changed files for each of the product's readers (3000; readers.test.ts)
 *   --sequences <n>  a store of traces that is killed again and again (30; its kills.test.ts)
 *   --seed <n>       repeats a run's requests or texts (default: random, printed)
 *
 * Ends with 1 when an answer lacks the version header, the runtime ends, its memory or descriptors don't return, a
 * reader ends, hangs, hoards or says nothing, or a trace that was acknowledged is not there once.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../../main/bin/project.mjs';
import { attackServer } from './attack.mjs';

const { values } = parseArgs({
  options: {
    requests: { type: 'string' },
    texts: { type: 'string' },
    sequences: { type: 'string' },
    seed: { type: 'string' },
  },
});
const isAll = values.requests === undefined && values.texts === undefined && values.sequences === undefined;
const countOf = (name, usual) => Number(values[name] ?? (isAll ? usual : 0));
const requests = countOf('requests', 100_000);
const seed = Number(values.seed ?? Date.now() % 1_000_000);

console.log(`seed ${seed}`);
const isGood = [
  runTests('test/fuzz/readers.test.ts', 'WORKBENCH_FUZZ_TEXTS', countOf('texts', 3_000)),
  runTests('test/traces/store/disk/kills.test.ts', 'WORKBENCH_FUZZ_SEQUENCES', countOf('sequences', 30)),
  requests === 0 || (await attackServer(requests, seed)),
];
process.exitCode = isGood.every(Boolean) ? 0 : 1;

/** A file of tests that takes the number of its runs from a variable; true when all pass. */
function runTests(file, variable, runs) {
  if (runs === 0) return true;
  const vitest = join(projectRoot, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--config', 'test/vitest.config.ts', '--testTimeout', '0', file];
  const env = { ...process.env, WORKBENCH_FUZZ_SEED: String(seed), [variable]: String(runs) };
  return spawnSync(process.execPath, args, { cwd: projectRoot, env, stdio: 'inherit' }).status === 0;
}
