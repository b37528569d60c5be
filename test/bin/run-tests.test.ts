import { cpSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createScratchProject, fakeElectron, runProcess, type ScratchProject } from './scratch-project.ts';

const PASSING = {
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
};

/** Stand-in for vitest: writes the report its project's file holds (none: it dies) and ends with that file's code. */
const FAKE_VITEST = `
const { appendFileSync, readFileSync, writeFileSync } = require('node:fs');
const args = process.argv.slice(2);
const name = args[args.indexOf('--project') + 1];
const env = ['WORKBENCH_ELECTRON', 'WORKBENCH_CHROMIUM', 'DISPLAY'].map((key) => key + '=' + process.env[key]).join(' ');
appendFileSync(process.env.CALLS, 'vitest ' + name + ' ' + args.filter((arg) => arg.startsWith('test/') && arg !== 'test/vitest.config.ts').join(' ') + '|' + env + '\\n');
const { report, code } = JSON.parse(readFileSync(name + '.json', 'utf8'));
if (report) writeFileSync(args.find((arg) => arg.startsWith('--outputFile.json=')).split('=')[1], JSON.stringify(report));
process.exitCode = code;
`;
const CHECK = (name: string) =>
  `require('node:fs').appendFileSync(process.env.CALLS, '${name} ' + process.argv.slice(2).join(' ') + '\\n'); process.exitCode = process.env.BREAK === '${name}' ? 1 : 0;`;

interface Run {
  readonly report: object | null;
  readonly code: number;
}

/** A project that is set up for tests, whose runners answer as told. */
async function testable(
  unit: Run,
  e2e: Run,
): Promise<{ project: ScratchProject; env: Record<string, string> }> {
  const project = createScratchProject();
  fakeElectron(project, 'mine/electron', '40.1.2');
  project.write(
    'node_modules/vitest/vitest.mjs',
    `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);${FAKE_VITEST}`,
  );
  project.write('node_modules/@biomejs/biome/bin/biome', CHECK('biome'));
  project.write('node_modules/typescript/bin/tsc', CHECK('tsc'));
  project.write('unit.json', JSON.stringify(unit));
  project.write('e2e.json', JSON.stringify(e2e));
  const env = {
    DISPLAY: 'elsewhere:7',
    ELECTRON_OVERRIDE_DIST_PATH: join(project.root, 'mine'),
    WORKBENCH_CHROMIUM: '/opt/chromium',
  };
  await project.run('setup.mjs', ['test'], env);
  return { project, env };
}

const lastLine = (text: string) => text.trimEnd().split('\n').at(-1);

describe.runIf(process.platform === 'linux')('npm test', () => {
  it('runs everything and ends with the totals of all runners', async () => {
    const skipping = { ...PASSING, numPassedTests: 2, numPendingTests: 1 };
    const { project, env } = await testable({ report: PASSING, code: 0 }, { report: skipping, code: 0 });
    const { code, stdout } = await project.run('test/runner/run-tests.mjs', [], env);
    // 1 format and lint, 4 types, 1 build, 3 unit, 2 end to end
    expect(lastLine(stdout)).toBe('11 passed, 0 failed, 1 skipped');
    expect(code).toBe(0);
    const calls = project.calls().filter((call) => /^(biome|tsc|vitest)/.test(call));
    expect(calls.map((call) => call.split('|')[0]?.trim())).toEqual([
      'biome ci .',
      'tsc -p main/contract',
      'tsc -p main',
      'tsc -p renderer',
      'tsc -p test',
      'vitest unit',
      'vitest e2e',
    ]);
    expect(calls.at(-1)).toContain(
      `WORKBENCH_ELECTRON=${join(project.root, 'mine/electron')} WORKBENCH_CHROMIUM=/opt/chromium DISPLAY=elsewhere:7`,
    );
  });

  it.each([
    ['a failed test', { ...PASSING, numFailedTests: 2 }, 1, '9 passed, 2 failed'],
    [
      'a file that does not load',
      { ...PASSING, numFailedTests: 1, testResults: [{ status: 'failed', assertionResults: [] }] },
      1,
      '9 passed, 2 failed',
    ],
    ['an error outside every test', PASSING, 1, '9 passed, 1 failed'],
    ['a runner that dies without a report', null, 134, '6 passed, 1 failed'],
  ])('counts %s, and still runs the rest', async (_case, report, runnerCode, totals) => {
    const nothing = { ...PASSING, numPassedTests: 0 };
    const { project, env } = await testable({ report, code: runnerCode }, { report: nothing, code: 0 });
    const { code, stdout } = await project.run('test/runner/run-tests.mjs', [], env);
    expect(lastLine(stdout)).toBe(totals);
    expect(code).toBe(1);
    expect(project.calls().some((call) => call.startsWith('vitest e2e'))).toBe(true);
  });

  it('counts a check that fails', async () => {
    const { project, env } = await testable({ report: PASSING, code: 0 }, { report: PASSING, code: 0 });
    const { code, stdout } = await project.run('test/runner/run-tests.mjs', [], { ...env, BREAK: 'biome' });
    expect(stdout).toContain('format and lint: 0 passed, 1 failed');
    expect(lastLine(stdout)).toBe('11 passed, 1 failed');
    expect(code).toBe(1);
  });

  it('counts end-to-end tests that cannot run as a failure and says why', async () => {
    const { project, env } = await testable({ report: PASSING, code: 0 }, { report: PASSING, code: 0 });
    await project.run('setup.mjs', ['test'], { ...env, ELECTRON_OVERRIDE_DIST_PATH: '/nowhere' });
    const { code, stdout, stderr } = await project.run('test/runner/run-tests.mjs', [], env);
    expect(stderr).toContain(
      'The end-to-end tests did not run: Electron: ELECTRON_OVERRIDE_DIST_PATH holds no Electron',
    );
    expect(lastLine(stdout)).toBe('9 passed, 1 failed');
    expect(code).toBe(1);
  });

  it('hands a filter to the unit tests and runs nothing else', async () => {
    const { project, env } = await testable({ report: PASSING, code: 0 }, { report: PASSING, code: 0 });
    const before = project.calls().length;
    const { stdout } = await project.run('test/runner/run-tests.mjs', ['test/auth'], env);
    expect(lastLine(stdout)).toBe('3 passed, 0 failed');
    expect(
      project
        .calls()
        .slice(before)
        .map((call) => call.split('|')[0]),
    ).toEqual(['vitest unit test/auth']);
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
