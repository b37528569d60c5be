import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { cleanUpAfterAll } from '../support/clean-up.ts';
import { type CommandShell, openShell } from '../support/command-shell.ts';
import { writePlugin } from '../support/folders.ts';

/**
 * The whole command line as a shell sees it: what is built, by its own name, with pipes, signals and exit
 * codes.
 */

let shell: CommandShell;
const cleanUp = cleanUpAfterAll();

beforeAll(async () => {
  shell = await openShell(cleanUp);
  const plugins = join(shell.cwd, 'plugins');
  await writePlugin(
    plugins,
    'greet',
    'export const execute = ({ name, user_id }) => ({ hello: name ?? user_id });',
  );
  await writePlugin(plugins, 'fails', 'export const execute = () => { throw new Error("no luck"); };');
  await writePlugin(
    plugins,
    'hangs',
    `import { writeFileSync } from 'node:fs';
     export const execute = ({ file }) => { writeFileSync(file, String(process.pid)); while (true); };`,
  );
});

/** What is on stdin of the next command in a pipe, taken apart by another program. */
const pick = (expression: string) => `node -p 'JSON.parse(require("fs").readFileSync(0)).${expression}'`;

describe('the help', () => {
  it('of every command explains it whole', async () => {
    const { code, stdout, stderr } = await shell.run('mozaiks-workbench --help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const commands = [...stdout.matchAll(/^ {2}([a-z]+)(?= .*\S)/gm)].map(([, name = '']) => name);
    expect(commands).toEqual(expect.arrayContaining(['serve', 'exec', 'replay', 'new']));
    for (const name of commands) {
      const help = await shell.run(`mozaiks-workbench ${name} --help`);
      expect({ name, code: help.code, stderr: help.stderr }).toEqual({ name, code: 0, stderr: '' });
      expect(help.stdout).toMatch(new RegExp(`^Usage: mozaiks-workbench ${name} `));
      for (const part of [/^Options:/m, /--json/, /^Examples?:/m, /Exit codes: 0 ok, 1 .*, 2 .*, 3 /]) {
        expect(help.stdout).toMatch(part);
      }
      const wrong = await shell.run(`mozaiks-workbench ${name} --no-such-option --json`);
      expect({ name, code: wrong.code }).toEqual({ name, code: 2 });
      expect(JSON.parse(wrong.stdout).error.message).toContain("unknown option '--no-such-option'");
      expect(wrong.stderr).toContain("unknown option '--no-such-option'");
    }
  });

  it.each(['', 'old', 'new', 'new ../a', 'new a -l ruby', 'exec', 'replay'])(
    'is pointed to where the usage is wrong: %j',
    async (line) => {
      const { code, stdout, stderr } = await shell.run(`mozaiks-workbench ${line}`);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('--help');
    },
  );
});

describe('new', () => {
  it('makes a plugin where it is told to, once, that exec calls', async () => {
    const made = await shell.run('mozaiks-workbench new made --language py --plugins more');
    expect(made).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('more/made: logic.py'),
      stderr: '',
    });
    expect(await readdir(join(shell.cwd, 'more/made'))).toEqual(['logic.py', 'manifest.json']);
    expect(await shell.run('mozaiks-workbench new made --plugins more')).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringContaining('already exists and was left as it is'),
    });
    const call = `mozaiks-workbench exec made --plugins more -d '{"greeting":"Salve"}' | ${pick('message')}`;
    expect(await shell.run(call)).toEqual({
      code: 0,
      stdout: 'Salve, dev-user!\n',
      stderr: expect.stringMatching(/^(In production: .*\n)+$/),
    });
  });
});

describe('exec', () => {
  /** What is said of a plugin in JavaScript that is called without a token. */
  const IN_PRODUCTION = [
    'In production: 401, since no token was sent.\n',
    `In production: 404 {"detail":"Plugin 'greet' not found."}, since it runs Python only.\n`,
  ].join('');

  it('prints the answer alone and can be piped', async () => {
    const line = `mozaiks-workbench exec greet --data '{"name":"Ada"}'`;
    expect(await shell.run(line)).toEqual({ code: 0, stdout: '{"hello":"Ada"}\n', stderr: IN_PRODUCTION });
    expect(await shell.run(`${line} | ${pick('hello')}`)).toMatchObject({ code: 0, stdout: 'Ada\n' });
    // A reader that is gone is no error.
    expect(await shell.run(`{ ${line}; echo "code $?" >&2; } | true`)).toEqual({
      code: 0,
      stdout: '',
      stderr: `${IN_PRODUCTION}code 0\n`,
    });
  });

  it('takes data from a pipe and from a file, and a token from the environment', async () => {
    const piped = await shell.run(`echo '{"name":"Bob"}' | mozaiks-workbench exec greet --data -`);
    expect(piped).toEqual({ code: 0, stdout: '{"hello":"Bob"}\n', stderr: IN_PRODUCTION });
    await writeFile(join(shell.cwd, 'case.json'), '{"name":"Cy"}');
    expect((await shell.run('mozaiks-workbench exec greet -d @case.json')).stdout).toBe('{"hello":"Cy"}\n');
    const token = await shell.run('T=nonsense mozaiks-workbench exec greet --token env:T');
    expect(token).toMatchObject({ code: 1, stderr: expect.stringContaining('401 UNAUTHORIZED') });
    expect((await shell.run('mozaiks-workbench exec greet --as user')).stdout).toBe(
      '{"hello":"user-dana"}\n',
    );
  });

  it('ends with 1 where the plugin fails, 2 for wrong input and settings, 3 where nobody answers', async () => {
    expect(await shell.run('mozaiks-workbench exec fails; echo "code $?"')).toMatchObject({
      stdout: expect.stringMatching(/"error_code":"PLUGIN_EXCEPTION","status_code":500\}\ncode 1\n$/),
      stderr: expect.stringMatching(
        /^fails: exception \(500 PLUGIN_EXCEPTION\): .*no luck\n(In production: .*\n){2}$/,
      ),
    });
    expect(await shell.run('mozaiks-workbench exec gret')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('did you mean greet?'),
    });
    expect(await shell.run(`mozaiks-workbench exec greet -d '{"a":,}'`)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: '--data is not valid JSON. Line 1, column 6: expected a value, found ,\n',
    });
    expect(await shell.run('MOZAIKS_WATCH=often mozaiks-workbench exec greet')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('MOZAIKS_WATCH=often (environment)'),
    });
    expect(
      await shell.run(`mozaiks-workbench exec greet --url http://127.0.0.1:${shell.port}`),
    ).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('(ECONNREFUSED)'),
    });
  });

  it('ends on Ctrl+C with the plugin that hangs, and leaves no file but the secret', async () => {
    const file = join(shell.cwd, 'hanging.pid');
    const command = shell.start('exec', 'hangs', '--data', JSON.stringify({ file }));
    await vi.waitFor(() => expect(existsSync(file) && readFile(file, 'utf8')).toBeTruthy(), 30_000);
    const pid = Number(await readFile(file, 'utf8'));
    command.process.kill('SIGINT');
    expect(await command.ended).toEqual({ code: 3, stdout: '', stderr: 'Interrupted\n' });
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), 10_000);
    expect(await readdir(shell.configPath)).toEqual(['jwt-secret']);
  });
});

describe('serve and replay', () => {
  it('serve says in one line where it listens; exec and replay find it; Ctrl+C ends it with 0', async () => {
    const server = shell.start('serve', '--no-ui', '--json');
    const listening = JSON.parse(await server.printed(/\n/));
    expect(listening).toMatchObject({ url: `http://127.0.0.1:${shell.port}`, ui: null });
    const verbose = await shell.run(`mozaiks-workbench exec greet -v`);
    expect(verbose).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Called the running runtime at'),
    });
    const taken = await shell.run('mozaiks-workbench serve --no-ui');
    expect(taken).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('is taken') });
    server.process.kill('SIGINT');
    expect(await server.ended).toMatchObject({ code: 0 });
    expect(await shell.run('mozaiks-workbench serve --port many')).toMatchObject({ code: 2, stdout: '' });
  });

  it('serve offers the UI to a browser, and ends with 0 on SIGTERM', async () => {
    const server = shell.start('serve', '--port', '0');
    const out = await server.printed(/in a browser\n/);
    const page = await fetch(/^open (\S+) in a browser$/m.exec(out)?.[1] ?? '');
    expect(await page.text()).toContain('<div id="root"');
    server.process.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ code: 0, stdout: out });
  });

  it('serve goes on when nobody reads what it prints, and repeated signals do not cut its end short', async () => {
    const server = shell.start('serve', '--no-ui');
    server.process.stdout?.destroy();
    server.process.stderr?.destroy();
    const ready = `http://127.0.0.1:${shell.port}/ready`;
    await vi.waitFor(async () => expect((await fetch(ready)).status).toBe(200), 30_000);
    // npm repeats what the terminal sent.
    const repeated = setInterval(() => server.process.kill('SIGINT'), 5);
    const { code } = await server.ended.finally(() => clearInterval(repeated));
    expect(code).toBe(0);
  });

  it('replay ends with 0 while all is the same, 1 once something differs, 3 without a file', async () => {
    const file = `node -p 'JSON.stringify({format:"mozaiks-workbench-traces",version:1,traces:[JSON.parse(require("fs").readFileSync(0)).trace]})'`;
    await shell.run(`mozaiks-workbench exec greet -d '{"name":"Ada"}' --json | ${file} > traces.json`);
    expect(await shell.run('mozaiks-workbench replay traces.json')).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(
        /^[0-9a-f]{16} {2}greet {2}In production: 401.*\ngreet {2}In production: 404.*\n$/,
      ),
      stdout: expect.stringMatching(
        /^same .*greet {2}200 ok\n1 sent again: 1 same, 0 different; 0 skipped\n$/,
      ),
    });
    await writePlugin(
      join(shell.cwd, 'plugins'),
      'greet',
      'export const execute = () => ({ hello: "all" });',
    );
    const changed = await shell.run(`mozaiks-workbench replay traces.json --json; echo "code $?" >&2`);
    expect(changed.stderr).toBe('code 1\n');
    expect(JSON.parse(changed.stdout).traces[0].differences).toEqual([
      { place: 'body.hello', recorded: 'Ada', now: 'all' },
    ]);
    expect((await shell.run('mozaiks-workbench replay absent.json')).code).toBe(3);
  });
});

describe('token, plugins and check', () => {
  it('token gives what exec sends, and takes it apart', async () => {
    const call = 'mozaiks-workbench exec whoami --token "$(mozaiks-workbench token --as admin)"';
    const source = 'export const execute = ({ user_id }) => ({ user_id });';
    await writePlugin(join(shell.cwd, 'plugins'), 'whoami', source);
    expect(await shell.run(call)).toEqual({
      code: 0,
      stdout: '{"user_id":"user-ada"}\n',
      stderr: `In production: 404 {"detail":"Plugin 'whoami' not found."}, since it runs Python only.\n`,
    });
    const inspect = 'mozaiks-workbench token --as expired > t; mozaiks-workbench token --inspect @t --json';
    const expired = await shell.run(inspect);
    expect(expired.code).toBe(1);
    expect(JSON.parse(expired.stdout)).toMatchObject({ verified: false });
    expect((await shell.run(`mozaiks-workbench token --claims '{'`)).code).toBe(2);
    expect((await shell.run('mozaiks-workbench token --inspect @absent')).code).toBe(3);
  });

  it('plugins lists them, and ends with 1 once one does not load', async () => {
    const names = `mozaiks-workbench plugins --json | ${pick('plugins.map(({ name }) => name).join()')}`;
    expect(await shell.run(names)).toEqual({ code: 0, stdout: 'fails,greet,hangs,whoami\n', stderr: '' });
    expect((await shell.run('mozaiks-workbench plugins')).code).toBe(0);
    await writePlugin(join(shell.cwd, 'plugins'), 'broken', 'export const execute = (');
    expect(await shell.run('mozaiks-workbench plugins')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/broken .*failed/),
    });
    expect((await shell.run(`mozaiks-workbench plugins --url http://127.0.0.1:${shell.port}`)).code).toBe(3);
  });

  it('check passes this product, and exits with 2 or 3 where it could not run', async () => {
    const one = await shell.run('mozaiks-workbench check --quick --json');
    expect({ code: one.code, stderr: one.stderr }).toEqual({ code: 0, stderr: '' });
    expect((await shell.run('mozaiks-workbench check --clause no.such.clause')).code).toBe(2);
    expect((await shell.run(`mozaiks-workbench check http://127.0.0.1:${shell.port}`)).code).toBe(3);
  });
});
