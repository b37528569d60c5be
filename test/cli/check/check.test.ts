import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it, onTestFinished } from 'vitest';
import { devIssuerUrl } from '../../../main/config/settings/dev-issuer.ts';
import { CLAUSES, EDITION } from '../../../main/conformance/clauses/clauses.ts';
import { probeFiles } from '../../../main/conformance/target/probe-files.ts';
import { ISSUER_ROUTES } from '../../../main/contract/http.ts';
import { pickFreePort } from '../../../main/system/ports.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { serve } from '../../support/http-server.ts';
import { startRuntime } from '../../support/runtime.ts';
import { type StandInOptions, startStandIn } from '../../support/stand-in/stand-in.ts';
import { STAND_IN_SECRET } from '../../support/stand-in/tokens.ts';
import { commandLine } from '../command-line.ts';

async function folder(): Promise<string> {
  const { path, remove } = await temporaryFolder('workbench-check');
  onTestFinished(remove);
  return path;
}

/** A runtime of another make with a short timeout. */
async function otherRuntime(options: StandInOptions = {}): Promise<string> {
  const env = { MOZAIKS_PLUGIN_TIMEOUT_SECONDS: '0.3' };
  const standIn = await startStandIn({ maxBodyBytes: 1_000_000, env, ...options });
  onTestFinished(() => standIn.stop());
  return standIn.baseUrl;
}

const env = { RUNTIME_SECRET: STAND_IN_SECRET };
const KNOWN = ['--secret', 'env:RUNTIME_SECRET'] as const;

async function check(args: readonly string[], cwd?: string) {
  return commandLine(['check', ...args], { env, cwd: cwd ?? (await folder()) });
}

describe('check of another runtime', { timeout: 60_000 }, () => {
  it('succeeds where nothing is broken, and sums up by reason what could not be judged', async () => {
    const url = await otherRuntime();
    const { code, out, err } = await check([url, ...KNOWN]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`${url} · contract 1.0.0 (edition ${EDITION}) · local mode`);
    expect(out).toMatch(new RegExp(`^\\d+ of ${CLAUSES.length} passed · 5 skipped`, 'm'));
    expect(out).toMatch(
      /^1 skipped: may harm a runtime that .* allow it with --disruptive\n {2}execute\.crash$/m,
    );
    expect(out).not.toContain(STAND_IN_SECRET);
  });

  it('may be told to take a skipped clause for a failure, and to judge all it can', async () => {
    const url = await otherRuntime();
    const { code, out } = await check([url, ...KNOWN, '--no-skips', '--disruptive', '--verbose']);
    expect(code).toBe(1);
    expect(out).toContain('2 clauses skipped, which counts as failed: timeout.default, timeout.older-name');
    expect(out).toContain('passed: execute.crash (should)');
  });

  it('fails with what was expected and observed, and writes each report that is asked for', async () => {
    const cwd = await folder();
    const url = await otherRuntime({ breaks: 'spoof.user-id' });
    const files = ['--report', 'a.md', '-r', 'b.xml', '-r', 'c.json'];
    const { code, out } = await check([url, ...KNOWN, ...files], cwd);
    expect(code).toBe(1);
    expect(out).toMatch(
      /failed: spoof\.user-id \(must\) .*\n {2}expected {4}nothing of .*\n {2}observed .*\n {2}reason /,
    );
    expect(out).toContain('1 clause failed: spoof.user-id\n');
    const read = (file: string) => readFile(join(cwd, file), 'utf8');
    expect(await read('a.md')).toContain('Runtime ↔ Platform Contract v1.0.0');
    expect(await read('b.xml')).toContain('spoof.user-id');
    expect(JSON.parse(await read('c.json')).outcome.ok).toBe(false);
  });

  it('prints the JSON report, which fits the schema that it prints', async () => {
    const url = await otherRuntime();
    const schema = JSON.parse((await check(['--report-schema'])).out);
    const { code, out } = await check([
      url,
      ...KNOWN,
      '--json',
      '-c',
      'health.status',
      '-c',
      'identity.user',
    ]);
    const report = JSON.parse(out);
    const ajv = new Ajv2020();
    addFormats.default(ajv);
    expect(ajv.validate(schema, report), JSON.stringify(ajv.errors)).toBe(true);
    expect(code).toBe(0);
    const ids = report.checks.map(({ id }: { id: string }) => id);
    expect(ids).toEqual(['health.status', 'identity.user']);
  });

  it('takes what differs as another implementation does for a failure only when told', async () => {
    const url = await otherRuntime({ version: '1.0' });
    const lenient = await check([url, '-c', 'header.value']);
    expect(lenient.code).toBe(0);
    expect(lenient.out).toContain('differs: header.value (must)');
    expect((await check([url, '-c', 'header.value', '--strict'])).code).toBe(1);
  });

  it('is told by a baseline what is known to fail', async () => {
    const cwd = await folder();
    const broken = await otherRuntime({ breaks: 'error.method' });
    const only = ['-c', 'error.method', '-c', 'health.status'];
    const first = await check([broken, ...only, '--write-expected-failures', 'known.txt'], cwd);
    expect(first.code).toBe(1);
    const known = ['--expected-failures', 'known.txt'];
    const again = await check([broken, ...only, ...known], cwd);
    expect(again.out).toContain('failed, as expected: error.method');
    expect(again.code).toBe(0);
    const fixed = await check([await otherRuntime(), ...only, ...known], cwd);
    expect(fixed.out).toContain('passed unexpectedly: error.method');
    expect(fixed.code).toBe(1);
  });

  it('judges with a token from a file what a token can show', async () => {
    const cwd = await folder();
    const { issuer, baseUrl, stop } = await startStandIn({ mode: 'external' });
    onTestFinished(stop);
    const claims = { sub: 'ada', exp: Math.floor(Date.now() / 1000) + 600 };
    await writeFile(join(cwd, 'token.txt'), `${issuer.sign(claims)}\n`);
    const only = ['-c', 'identity.user', '-c', 'identity.expired'];
    const { code, out } = await check([baseUrl, '--token', '@token.txt', ...only, '--verbose'], cwd);
    expect(code).toBe(0);
    expect(out).toContain('external mode');
    expect(out).toContain('passed: identity.user');
    expect(out).toContain('skipped: identity.expired');
  });
});

describe('check --issuer', { timeout: 60_000 }, () => {
  const ids = ['identity.user', 'identity.expired', 'identity.audience', 'context.superadmin'];
  const only = ids.flatMap((id) => ['-c', id]);
  const plugins = { 'contract-probe': probeFiles('javascript') };

  it('calls a runtime in external mode as the development issuer, whose keys it serves meanwhile', async () => {
    const port = String(await pickFreePort());
    const issuer = devIssuerUrl({ port: Number(port) });
    const app = await startRuntime({
      plugins,
      env: {
        MOZAIKS_AUTH_MODE: 'external',
        MOZAIKS_ISSUER: issuer,
        MOZAIKS_AUDIENCE: 'mozaiks-workbench',
        MOZAIKS_JWKS_URL: `${issuer}${ISSUER_ROUTES.jwks}`,
      },
    });
    const { code, out, err } = await commandLine(['check', app.baseUrl, '--issuer', ...only], {
      env: { MOZAIKS_DEV_ISSUER_PORT: port },
      cwd: await folder(),
    });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('external mode\n4 of 4 passed');
    await expect(fetch(`${issuer}${ISSUER_ROUTES.jwks}`)).rejects.toThrow();
  });

  it('leaves the keys to a workbench that serves the same ones already', async () => {
    const port = String(await pickFreePort());
    const env = { MOZAIKS_AUTH_MODE: 'external', MOZAIKS_DEV_ISSUER: 'true', MOZAIKS_DEV_ISSUER_PORT: port };
    const app = await startRuntime({ plugins, env });
    const same = { env: { MOZAIKS_DEV_ISSUER_PORT: port }, cwd: dirname(app.config.configPath) };
    const shared = await commandLine(['check', app.baseUrl, '--issuer', ...only], same);
    expect(shared.out).toContain('4 of 4 passed');
    const other = await commandLine(['check', app.baseUrl, '--issuer'], { ...same, cwd: await folder() });
    expect(other).toMatchObject({ code: 3, out: '' });
    expect(other.err).toContain(port);
  });
});

describe('check without a target', () => {
  it('lists every clause', async () => {
    const { code, out } = await check(['--list']);
    expect(code).toBe(0);
    for (const { id, severity } of CLAUSES) expect(out).toMatch(new RegExp(`^${id} +${severity}`, 'm'));
    const { clauses } = JSON.parse((await check(['--list', '--json'])).out);
    expect(clauses).toEqual(CLAUSES);
  });

  it.each([
    ['js', 'logic.js'],
    ['py', 'logic.py'],
  ])('writes the probe plugin in %s once', async (language, file) => {
    const cwd = await folder();
    const args = ['--save-probe', 'plugins', '--probe', language];
    expect((await check(args, cwd)).code).toBe(0);
    expect(existsSync(join(cwd, 'plugins/contract-probe', file))).toBe(true);
    const { code, err } = await check(args, cwd);
    expect(code).toBe(3);
    expect(err).toContain('already exists');
  });
});

describe('check says what is wrong with what was typed', () => {
  it.each([
    [['http://127.0.0.1:1/api'], 'without a path'],
    [['not-an-address'], "is not a runtime's address"],
    [['-c', 'header.helth'], 'Did you mean header.health'],
    [['--report', 'report.pdf'], '.json'],
    [['--secret', 'env:RUNTIME_SECRET'], '--secret is about another runtime'],
    [['--max-body-bytes', '5'], '--max-body-bytes is about another runtime'],
    [['http://127.0.0.1:1', '--probe', 'py'], '--probe is about a runtime that is started here'],
    [['http://127.0.0.1:1', '--secret', 'env:NOWHERE'], 'the variable NOWHERE is not set'],
    [['http://127.0.0.1:1', '--secret', ''], 'The secret is empty'],
    [['http://127.0.0.1:1', '--token', 'a', '--secret', 'b'], 'cannot be used with'],
    [['http://127.0.0.1:1', '--token', 'two words'], 'contains characters that are not allowed in a token'],
    [['--probe', 'rb'], 'Give js or py'],
    [['--max-body-bytes', '-1'], 'whole number of bytes'],
    [['http://127.0.0.1:1', 'http://127.0.0.1:2'], 'too many arguments'],
  ])('%j', async (args, said) => {
    const { code, out, err } = await check(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(said);
  });

  it('in a baseline', async () => {
    const cwd = await folder();
    await writeFile(join(cwd, 'known.txt'), 'no-such-clause\n');
    const { code, err } = await check(['http://127.0.0.1:1', '-e', 'known.txt'], cwd);
    expect(code).toBe(2);
    expect(err).toContain("known.txt:1: the contract has no clause 'no-such-clause'");
  });
});

describe('check could not run', () => {
  it.each([
    [['http://127.0.0.1:1'], 'No runtime answers at http://127.0.0.1:1'],
    [['http://127.0.0.1:1', '-e', 'missing.txt'], "missing.txt can't be read (ENOENT)"],
    [['http://127.0.0.1:1', '--secret', '@missing.txt'], "missing.txt can't be read (ENOENT)"],
  ])('%j', async (args, said) => {
    const { code, out, err } = await check(args);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toContain(said);
  });

  it.each([
    ['--report', 'no/such/folder.md'],
    ['--write-expected-failures', 'no/such/known.txt'],
  ])('when there is no folder for %s, which it says before anything is judged', async (flag, file) => {
    const { code, err } = await check(['http://127.0.0.1:1', flag, file]);
    expect(code).toBe(3);
    expect(err).toContain(`${file} can't be written (ENOENT)`);
  });

  it('when its report can’t be written', async () => {
    const url = await otherRuntime();
    const cwd = await folder();
    await mkdir(join(cwd, 'taken.md'));
    const { code, err } = await check([url, '-c', 'health.status', '--report', 'taken.md'], cwd);
    expect(code).toBe(3);
    expect(err).toContain("taken.md can't be written (EISDIR)");
  });

  it('K2: where its thread can’t be started: no answer of another runtime is read in any other', async () => {
    let asked = 0;
    const url = await serve((_request, response) => {
      asked += 1;
      response.end('{}');
    });
    const cwd = await folder();
    const { code, err } = await commandLine(['check', url], { env, cwd, entry: join(cwd, 'cli.cjs') });
    expect([code, asked]).toEqual([3, 0]);
    expect(err).toContain('check-worker.cjs');
  });

  it('when it is interrupted', async () => {
    const url = await otherRuntime();
    const interrupt = new AbortController();
    const running = commandLine(['check', url], { env, cwd: await folder(), signal: interrupt.signal });
    interrupt.abort();
    expect(await running).toMatchObject({ code: 3, out: '', err: 'Interrupted\n' });
  });
});
