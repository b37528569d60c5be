import { cpSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createScratchProject, fakeElectron, runProcess, type ScratchProject } from './scratch-project.ts';

/** What vitest reports of one file; its tests by how they ended. */
const file = (name: string, ...statuses: readonly string[]) => ({
  name,
  status: statuses.includes('failed') ? 'failed' : 'passed',
  assertionResults: statuses.map((status) => ({ status })),
});
const UNIT = file('/x/test/auth/a.test.ts', 'passed', 'passed', 'passed');
const E2E = file('/x/test/e2e/b.test.ts', 'passed', 'passed', 'skipped');

/**
 * Stand-in for vitest: writes the report that a file holds (none: it dies) and ends with that file's code.
 */
const FAKE_VITEST = `
const { appendFileSync, readFileSync, writeFileSync } = require('node:fs');
const args = process.argv.slice(2);
const names = args.filter((_, at) => args[at - 1] === '--project').join();
const given = { ...process.env, ...JSON.parse(process.env.WORKBENCH_TEST_E2E) };
const env = ['WORKBENCH_ELECTRON', 'WORKBENCH_CHROMIUM', 'DISPLAY'].map((key) => key + '=' + given[key]).join(' ');
appendFileSync(process.env.CALLS, 'vitest ' + names + ' ' + args.filter((arg) => arg.startsWith('test/') && arg !== 'test/vitest.config.ts').join(' ') + '|' + env + '\\n');
const { report, code } = JSON.parse(readFileSync('run.json', 'utf8'));
if (report) writeFileSync(args.find((arg) => arg.startsWith('--outputFile.json=')).split('=')[1], JSON.stringify(report));
process.exitCode = code;
`;
const CHECK = (name: string) =>
  `require('node:fs').appendFileSync(process.env.CALLS, '${name} ' + process.argv.slice(2).join(' ') + '\\n'); if (process.env.BREAK === '${name}') { console.error('${name} is not content'); process.exitCode = 1; }`;

interface Run {
  readonly files: readonly object[] | null;
  readonly code: number;
}

const PASSING: Run = { files: [UNIT, E2E], code: 0 };

/** A project that is set up for tests, whose vitest answers as told. */
async function testable(run: Run): Promise<{ project: ScratchProject; env: Record<string, string> }> {
  const project = createScratchProject();
  fakeElectron(project, 'mine/electron', '40.1.2');
  project.write(
    'node_modules/vitest/vitest.mjs',
    `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);${FAKE_VITEST}`,
  );
  project.write('node_modules/@biomejs/biome/bin/biome', CHECK('biome'));
  project.write('node_modules/typescript/bin/tsc', CHECK('tsc'));
  project.write('node_modules/knip/bin/knip.js', CHECK('knip'));
  const report = run.files === null ? null : { testResults: run.files };
  project.write('run.json', JSON.stringify({ report, code: run.code }));
  const env = {
    DISPLAY: 'elsewhere:7',
    ELECTRON_OVERRIDE_DIST_PATH: join(project.root, 'mine'),
    WORKBENCH_CHROMIUM: '/opt/chromium',
  };
  await project.run('setup.mjs', ['test'], env);
  return { project, env };
}

const RUN_TESTS = 'test/runner/run-tests.mjs';
const CHECKS = [
  'biome ci .',
  'knip --cache',
  'tsc -p main',
  'tsc -p main/contract',
  'tsc -p renderer',
  'tsc -p test',
];

const lastLine = (text: string) => text.trimEnd().split('\n').at(-1);

/** What the stand-ins were called with, without what vitest was given of the environment. */
const callsOf = (project: ScratchProject) =>
  project
    .calls()
    .filter((call) => /^(biome|knip|tsc|vitest)/.test(call))
    .map((call) =>
      call
        .split('|')[0]
        ?.replace(/ --incremental .*/, '')
        .trim(),
    );

describe.runIf(process.platform === 'linux')('npm test', () => {
  it('runs everything and ends with the totals of all of it', async () => {
    const { project, env } = await testable(PASSING);
    const { code, stdout } = await project.run(RUN_TESTS, [], env);
    // 1 format and lint, 1 unused, 4 types, 1 build, 3 unit, 2 end to end
    expect(stdout).toContain('\nunit: 3 passed, 0 failed\ne2e: 2 passed, 0 failed, 1 skipped\n');
    expect(lastLine(stdout)).toBe('12 passed, 0 failed, 1 skipped');
    expect(code).toBe(0);
    const calls = callsOf(project);
    // The checks run side by side.
    expect(calls.slice(0, -1).toSorted()).toEqual(CHECKS);
    expect(calls.at(-1)).toBe('vitest pure,unit,e2e');
    expect(project.calls().at(-1)).toContain(
      `WORKBENCH_ELECTRON=${join(project.root, 'mine/electron')} WORKBENCH_CHROMIUM=/opt/chromium DISPLAY=elsewhere:7`,
    );
  });

  it.each([
    ['a failed test', [file('/x/test/a.test.ts', 'passed', 'failed', 'failed'), E2E], '10 passed, 2 failed'],
    [
      'a failed test of the built product',
      [UNIT, file('/x/test/e2e/b.test.ts', 'failed', 'passed')],
      '11 passed, 1 failed',
    ],
    [
      'a file that does not load',
      [UNIT, { ...file('/x/test/a.test.ts'), status: 'failed' }, E2E],
      '12 passed, 1 failed',
    ],
    [
      'a file whose preparation fails',
      [UNIT, { ...file('/x/test/a.test.ts', 'skipped'), status: 'failed' }, E2E],
      '12 passed, 1 failed',
    ],
    ['an error outside every test', [UNIT, E2E], '12 passed, 1 failed'],
    ['a runner that dies without a report', null, '7 passed, 1 failed'],
  ])('counts %s', async (_case, files, totals) => {
    const { project, env } = await testable({ files, code: 1 });
    const { code, stdout } = await project.run(RUN_TESTS, [], env);
    expect(lastLine(stdout)?.replace(/, \d skipped$/, '')).toBe(totals);
    expect(code).toBe(1);
  });

  it('counts a check that fails, shows what it says, and still runs the rest', async () => {
    const { project, env } = await testable(PASSING);
    const { code, stdout } = await project.run(RUN_TESTS, [], { ...env, BREAK: 'biome' });
    expect(stdout).toContain('biome is not content\n');
    expect(stdout).toContain('format and lint: 0 passed, 1 failed');
    expect(lastLine(stdout)).toBe('11 passed, 1 failed, 1 skipped');
    expect(code).toBe(1);
    expect(callsOf(project).at(-1)).toBe('vitest pure,unit,e2e');
  });

  it('counts end-to-end tests that cannot run as a failure, says why, and runs the others', async () => {
    const { project, env } = await testable({ files: [UNIT], code: 0 });
    await project.run('setup.mjs', ['test'], { ...env, ELECTRON_OVERRIDE_DIST_PATH: '/nowhere' });
    const { code, stdout, stderr } = await project.run(RUN_TESTS, [], env);
    expect(stderr).toContain(
      'The end-to-end tests did not run: Electron: ELECTRON_OVERRIDE_DIST_PATH contains no Electron',
    );
    expect(callsOf(project).at(-1)).toBe('vitest pure,unit');
    expect(lastLine(stdout)).toBe('10 passed, 1 failed');
    expect(code).toBe(1);
  });

  it.each([
    ['test/auth', 'vitest pure,unit test/auth'],
    ['test/e2e/window', 'vitest e2e test/e2e/window'],
  ])('hands the filter %s to the tests it is meant for and runs nothing else', async (filter, call) => {
    const { project, env } = await testable(PASSING);
    await project.run(RUN_TESTS, [filter], env);
    expect(callsOf(project)).toEqual([call]);
  });

  it('runs the checks and the pure tests alone when it must be quick', async () => {
    const { project, env } = await testable({ files: [UNIT], code: 0 });
    const { code, stdout } = await project.run(RUN_TESTS, ['--quick'], env);
    // 1 format and lint, 1 unused, 4 types, 3 pure
    expect(lastLine(stdout)).toBe('9 passed, 0 failed');
    expect(code).toBe(0);
    const calls = callsOf(project);
    expect(calls.slice(0, -1).toSorted()).toEqual(CHECKS);
    expect(calls.at(-1)).toBe('vitest pure');
  });
});

describe.runIf(process.platform === 'linux')('.ci/run', () => {
  const ciRun = async (npm: string) => {
    const project = createScratchProject();
    cpSync(resolve(import.meta.dirname, '../../.ci/run'), join(project.root, '.ci/run'));
    project.tool('npm', npm);
    return runProcess('bash', ['.ci/run'], project.root, project.environment());
  };

  it('ends with the totals', async () => {
    const { code, stdout } = await ciRun('echo "unit: 3 passed, 0 failed"; echo "9 passed, 0 failed"');
    expect(stdout).toBe('unit: 3 passed, 0 failed\n9 passed, 0 failed\n');
    expect(code).toBe(0);
  });

  it('repeats them after what npm adds to a failure', async () => {
    const { code, stdout } = await ciRun('echo "9 passed, 1 failed"; echo "npm error" >&2; exit 1');
    expect(lastLine(stdout)).toBe('9 passed, 1 failed');
    expect(code).toBe(1);
  });

  it('counts a set-up that failed as one failure', async () => {
    const { code, stdout } = await ciRun('echo "setup: The packages could not be installed" >&2; exit 1');
    expect(lastLine(stdout)).toBe('0 passed, 1 failed');
    expect(code).toBe(1);
  });
});
