import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HEADERS } from '../../main/contract/http.ts';
import { TRACE_FILE } from '../../main/contract/trace-file.ts';
import { temporaryFolder } from '../support/folders.ts';
import { serve } from '../support/http-server.ts';
import { SECRET } from '../support/server.ts';
import { traceOf } from '../support/trace-fixture.ts';
import { type CommandLineOptions, commandLine, type Printed } from './command-line.ts';

/** Foreign text on its way through the commands to a terminal. */

const FORGED = '2026-01-01T00:00:00.000Z info forged';
/** Clears the screen, writes to the clipboard, moves the cursor in C1, reorders, begins a line. */
const HOSTILE = `h\u001b[2J\u001b]52;c;eA==\u0007\u009b2J\u202e\u2066\n${FORGED}`;

async function folder(): Promise<string> {
  const { path, remove } = await temporaryFolder('workbench-text');
  onTestFinished(remove);
  await mkdir(join(path, 'plugins'));
  return path;
}

/** A runtime whose every text is hostile. */
function foreignServer(): Promise<string> {
  const entry = { name: HOSTILE, version: HOSTILE, status: HOSTILE, error: HOSTILE, display_name: HOSTILE };
  return serve((request, response) => {
    response.setHeader(HEADERS.runtimeVersion, '1.0.0');
    response.setHeader('X-Escape', Buffer.from('\u009b2J', 'latin1').toString('latin1'));
    if (request.url === '/api/plugins') response.end(JSON.stringify({ plugins: [entry] }));
    else response.writeHead(500).end(JSON.stringify({ detail: HOSTILE, error_code: HOSTILE, [HOSTILE]: 1 }));
  });
}

/** Both streams as terminals: nothing but text goes to them, and no line begins as an entry of the log does. */
async function onTerminal(argv: readonly string[], options: CommandLineOptions): Promise<Printed> {
  const printed = await commandLine(argv, { ...options, isOutInteractive: true });
  const text = printed.out + printed.err;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/);
  expect(text).toContain('\\u001b[2J\\u001b]52;c;eA==\\u0007');
  return printed;
}

describe('foreign text in a terminal', () => {
  it('C5: plugin names, keys and errors of another runtime are text, one line each', async () => {
    const url = await foreignServer();
    const cwd = await folder();
    const list = await onTerminal(['plugins', '--url', url], { cwd });
    expect(list.out.trimEnd().split('\n')).toHaveLength(1);
    const call = await onTerminal(['exec', 'hello', '--url', url], { cwd });
    expect(call.err.trimEnd().split('\n')).toHaveLength(1);
    const json = await commandLine(['exec', 'hello', '--url', url, '--json'], { cwd });
    expect(JSON.parse(json.out).body).toEqual({ detail: HOSTILE, error_code: HOSTILE, [HOSTILE]: 1 });
    expect(json.out).not.toContain('\u009b');
    const piped = await commandLine(['exec', 'hello', '--url', url], { cwd });
    expect(JSON.parse(piped.out)).toHaveProperty('detail', HOSTILE);
    expect(piped.out).toContain('\u009b');
  });

  it('C5: names and answers in a trace file are text, a line for each trace', async () => {
    const cwd = await folder();
    const url = await foreignServer();
    const request = { ...traceOf(0).request, path: '/api/execute/hello' };
    const response = {
      status: 500,
      headers: {},
      body: { json: { [HOSTILE]: 2, detail: 'x' }, bytes: 9, truncated: false },
    };
    const traces = [traceOf(1, { plugin: HOSTILE, request, response, status: 500, outcome: 'plugin_error' })];
    await writeFile(join(cwd, 'traces.json'), JSON.stringify({ ...TRACE_FILE, traces }));
    const { code, out } = await onTerminal(['replay', 'traces.json', '--url', url], { cwd });
    expect(code).toBe(1);
    expect(out.trimEnd().split('\n')).toHaveLength(2);
  });

  it('C5: values of a .env and the names of files are text', async () => {
    const cwd = await folder();
    await writeFile(join(cwd, '.env'), `PORT="${HOSTILE}"\nMOZAIKS_WATCH="${HOSTILE}"\n`);
    const { code, err } = await onTerminal(['token'], { cwd });
    expect(code).toBe(2);
    expect(err.trimEnd().split('\n')).toHaveLength(3);
    const elsewhere = { cwd: await folder() };
    const missing = await onTerminal(['exec', 'hello', '-d', `@${HOSTILE}`], elsewhere);
    expect(missing.err).toContain(`\n    ${FORGED}`);
  });

  it('K4: what a target under check sends is text in the terminal and in every report', async () => {
    const markup = `${HOSTILE}]]></script><script>`;
    const url = await serve((_request, response) => {
      response.setHeader(HEADERS.runtimeVersion, '\u009b2J]]></script>');
      response.writeHead(500).end(JSON.stringify({ [markup]: markup, status: markup, detail: markup }));
    });
    const cwd = await folder();
    const reports = ['a.md', 'b.xml', 'c.json', 'd.html'];
    const clauses = ['-c', 'header.value', '-c', 'health.status', '-c', 'error.method'];
    const files = reports.flatMap((file) => ['--report', file]);
    const { out } = await onTerminal(['check', url, ...clauses, ...files], { cwd });
    expect(out).toContain('</script>');
    for (const file of reports) {
      const text = await readFile(join(cwd, file), 'utf8');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e\u2066]/);
      if (/xml|html/.test(file)) expect(text).not.toContain(']]></script>');
    }
  });

  it('C6: what a plugin prints and dies with is no entry of the log of its own', async () => {
    const cwd = await folder();
    const source = `console.log(${JSON.stringify(HOSTILE)});
      export const execute = () => { throw new Error(${JSON.stringify(HOSTILE)}); };`;
    for (const [name, text] of [
      ['prints', source],
      ['dies', `throw new Error(${JSON.stringify(HOSTILE)});`],
    ] as const) {
      await mkdir(join(cwd, 'plugins', name));
      await writeFile(join(cwd, 'plugins', name, 'logic.js'), text);
    }
    const options = { cwd, env: { JWT_SECRET: SECRET, PORT: '0' } };
    const prints = await onTerminal(['exec', 'prints', '--verbose'], options);
    const dies = await onTerminal(['exec', 'dies', '--verbose'], options);
    expect(dies.err).toMatch(/^\S+Z warn plugin dies: .*h\\u001b/m);
    for (const { err } of [prints, dies]) expect(err).not.toMatch(new RegExp(`^${FORGED}`, 'm'));
  });
});
