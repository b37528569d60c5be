/**
 * `npm run mutate`: changes the code of the defences piece by piece and has their tests run; each change that
 * no test notices is a gap in the tests, or explained in survivors.mjs.
 *
 *   npm run mutate                        everything in targets.mjs; takes long
 *   npm run mutate -- auth/verify gate    only sources whose path contains one of these
 *   --concurrency <n>                     mutants at once (default: one a core, one core left free)
 *
 * Ends with 1 when a mutant survives that is not explained. The report of each source, with the code, is below
 * test-results/mutation.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { projectRoot } from '../../main/bin/project.mjs';
import { SURVIVORS } from './survivors.mjs';
import { TARGETS } from './targets.mjs';

/** @typedef {Awaited<ReturnType<Stryker['runMutationTest']>>[number]} Mutant */

const RESULTS = 'test-results/mutation';
const KILLED = new Set(['Killed', 'Timeout']);
const SURVIVED = new Set(['Survived', 'NoCoverage']);

const { values, positionals } = parseArgs({
  options: {
    concurrency: { type: 'string', default: String(Math.max(1, availableParallelism() - 1)) },
  },
  allowPositionals: true,
});
const concurrency = Number(values.concurrency);
const chosen = Object.entries(TARGETS).filter(
  ([source]) => positionals.length === 0 || positionals.some((part) => source.includes(part)),
);
process.chdir(projectRoot);
process.exitCode = (await mutateAll()) ? 0 : 1;

async function mutateAll() {
  if (chosen.length === 0) {
    console.error(`No source in test/mutation/targets.mjs contains ${positionals.join(' or ')}.`);
    return false;
  }
  const rows = [];
  for (const [source, tests] of chosen) {
    const from = performance.now();
    // Not as Stryker's `testFiles`: with these it turns mutants of module constants on after they were read.
    process.env.MUTATION_TESTS = JSON.stringify(tests);
    const mutants = await new Stryker(optionsFor(source)).runMutationTest();
    const row = judge(source, mutants, (performance.now() - from) / 60_000);
    rows.push(row);
    for (const mutant of row.unexplained) console.log(describe(mutant));
  }
  console.table(rows.map(({ unexplained, ...row }) => ({ ...row, unexplained: unexplained.length })));
  return rows.every(({ unexplained }) => unexplained.length === 0);
}

/** @returns {ConstructorParameters<typeof Stryker>[0]} */
function optionsFor(source) {
  const report = source.replaceAll('/', '-').replace(/\.ts$/, '');
  return {
    mutate: [source],
    plugins: ['@stryker-mutator/vitest-runner'],
    testRunner: 'vitest',
    vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
    coverageAnalysis: 'perTest',
    concurrency,
    timeoutMS: 10_000,
    // TypeScript 7 has no interface for programs: Stryker must find no tsconfig that it would rewrite with it.
    tsconfigFile: 'none.json',
    disableTypeChecks: false,
    ignorePatterns: ['out', 'test-results', 'coverage', 'node_modules/.cache'],
    tempDirName: `${RESULTS}/sandbox`,
    reporters: ['html', 'json'],
    htmlReporter: { fileName: `${RESULTS}/${report}.html` },
    jsonReporter: { fileName: `${RESULTS}/${report}.json` },
    logLevel: 'warn',
    allowEmpty: false,
  };
}

/** @param {readonly Mutant[]} mutants */
function judge(source, mutants, minutes) {
  const killed = mutants.filter(({ status }) => KILLED.has(status)).length;
  const alive = mutants.filter(({ status }) => SURVIVED.has(status)).map((mutant) => shown(source, mutant));
  const counted = killed + alive.length;
  return {
    source,
    mutants: counted,
    killed,
    percent: counted === 0 ? 100 : Math.round((1000 * killed) / counted) / 10,
    survived: alive.length,
    minutes: Math.round(minutes * 10) / 10,
    unexplained: withoutExplained(source, alive),
  };
}

/** Each entry of the list explains one mutant: where two look alike, there are two entries. */
function withoutExplained(source, alive) {
  const explained = [...(SURVIVORS[source] ?? [])];
  return alive.filter(({ code, becomes }) => {
    const index = explained.findIndex((entry) => entry.code === code && entry.becomes === becomes);
    if (index >= 0) explained.splice(index, 1);
    return index < 0;
  });
}

/** @param {Mutant} mutant */
function shown(source, { location: { start, end }, replacement, status }) {
  const lines = readFileSync(join(projectRoot, source), 'utf8')
    .split('\n')
    .slice(start.line - 1, end.line);
  const last = lines.length - 1;
  lines[last] = lines[last].slice(0, end.column - 1);
  lines[0] = lines[0].slice(start.column - 1);
  return {
    place: `${source}:${start.line}`,
    status,
    code: oneLine(lines.join(' ')),
    becomes: oneLine(replacement),
  };
}

function oneLine(text) {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function describe({ place, status, code, becomes }) {
  return `${place} ${status}\n  - ${code}\n  + ${becomes}`;
}
