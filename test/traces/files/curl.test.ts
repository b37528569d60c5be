import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type CurlRequest, quoteForShell, toCurl } from '../../../main/traces/files/curl.ts';
import { temporaryFolder } from '../../support/folders.ts';

const request: CurlRequest = {
  method: 'POST',
  url: 'http://127.0.0.1:8080/api/execute/hello',
  headers: {
    host: 'x',
    'content-type': 'application/json',
    authorization: 'Bearer old',
    'content-length': '2',
  },
  body: '{}',
  token: null,
  revealToken: false,
};

/** The arguments as a real shell hands them on. */
function argumentsOf(command: string, env: Record<string, string> = {}): string[] {
  const script = `curl() { printf '%s\\0' "$@"; }\n${command}`;
  return execFileSync('bash', ['-c', script], { env, encoding: 'utf8' }).split('\0').slice(0, -1);
}

describe('toCurl', () => {
  it('writes the request without what curl makes itself', () => {
    expect(argumentsOf(toCurl(request))).toEqual([
      '-i',
      '-X',
      'POST',
      request.url,
      '-H',
      'content-type: application/json',
      '--data-raw',
      '{}',
    ]);
  });

  it('leaves the token to the shell unless it is to be revealed', () => {
    const hidden = toCurl({ ...request, token: 'abc.def.ghi' });
    expect(hidden).not.toContain('abc.def.ghi');
    expect(argumentsOf(hidden, { TOKEN: 'mine' })).toContain('Authorization: Bearer mine');
    const shown = toCurl({ ...request, token: 'abc.def.ghi', revealToken: true });
    expect(argumentsOf(shown)).toContain('Authorization: Bearer abc.def.ghi');
  });

  it.each(["it's", '$(touch /tmp/x)', '`id`', '"; rm -rf /', 'a\nb', '\\', "'", '@/etc/passwd', ''])(
    'hands %j to curl as it is',
    (text) => {
      const got = argumentsOf(toCurl({ ...request, body: text, headers: { 'x-a': text.replace('\n', '') } }));
      expect(got.at(-1)).toBe(text);
      if (text !== '') expect(got).toContain(`x-a: ${text.replace('\n', '')}`);
      expect(execFileSync('bash', ['-c', `printf %s ${quoteForShell(text)}`], { encoding: 'utf8' })).toBe(
        text,
      );
    },
  );

  it('takes brackets in the address literally', () => {
    expect(argumentsOf(toCurl({ ...request, url: 'http://127.0.0.1:8080/api/[a]' }))).toContain('--globoff');
  });
});

/** Types what is on its standard input into a terminal where bash waits, and then `exit`. */
const PASTE = `
import os, pty, select, sys
text = sys.stdin.buffer.read() + b"\\nexit\\n"
pid, fd = pty.fork()
if pid == 0:
    os.execvp("bash", ["bash", "--noprofile", "--rcfile", "rc", "-i"])
seen = b""
while True:
    can_write = [fd] if b"READY> " in seen and text else []
    readable, writable, _ = select.select([fd], can_write, [])
    if readable:
        try:
            more = os.read(fd, 65536)
        except OSError:
            break
        if not more:
            break
        seen += more
    if writable:
        text = text[os.write(fd, text[:64]):]
os.waitpid(pid, 0)
`;

/** What curl was given by a command that was pasted into a real terminal, and whether anything else ran. */
async function paste(command: string) {
  const { path: cwd, remove } = await temporaryFolder('workbench-paste');
  onTestFinished(remove);
  // As in a terminal that tells a paste from typing by nothing.
  const rc = `bind 'set enable-bracketed-paste off'\nPS1='READY> '\ncurl() { printf '%s\\0' "$@" >args; cat >body; }\n`;
  await writeFile(join(cwd, 'rc'), rc);
  const pasting = promisify(execFile)('python3', ['-c', PASTE], { cwd, timeout: 30_000 });
  pasting.child.stdin?.end(command);
  await pasting;
  const given = (await readFile(join(cwd, 'args'), 'utf8')).split('\0').slice(0, -1);
  return { given, body: await readFile(join(cwd, 'body'), 'utf8'), ran: existsSync(join(cwd, 'x')) };
}

describe('a command that is pasted', () => {
  it.runIf(process.platform !== 'win32')(
    'T3: runs nothing else in a terminal, and hands curl the same bytes',
    async () => {
      const texts = [
        'hello\u0003\ntouch x\n',
        '\u001b[201~\ntouch x\n',
        "it's\n'; touch x; '\t\t$(touch x) `touch x` !! !touch \\x41 \u0085\u202e\u2028 é 東",
        '\u0015touch x\r\n\u0004\u001a',
      ];
      const commands = texts.map((text) => toCurl({ ...request, body: text, headers: { 'x-a': text } }));
      const pasted = await Promise.all(commands.map((command) => paste(`${command} </dev/null`)));
      expect(pasted.map(({ ran }) => ran)).toEqual(texts.map(() => false));
      expect(pasted.map(({ given }) => given.at(-1))).toEqual(texts);
      expect(pasted.map(({ given }) => given.at(-3))).toEqual(texts.map((text) => `x-a: ${text}`));
    },
  );

  it('T3: hands on a body with zero bytes, which no argument can hold', async () => {
    const text = 'a\0b\\0c\n\0\u0003\\x41%s';
    const { given, body, ran } = await paste(toCurl({ ...request, body: text }));
    expect({ end: given.slice(-2), body, ran }).toEqual({
      end: ['--data-binary', '@-'],
      body: text,
      ran: false,
    });
  });

  it('T3: quotes any text so that bash reads the same bytes, all of them printable', () => {
    const text = fc.string({ unit: 'binary' }).map((any) => any.replaceAll('\0', ''));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 40 }), (texts) => {
        const quoted = texts.map(quoteForShell);
        for (const one of quoted) expect(one).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        const read = execFileSync('bash', ['-c', `printf '%s\\0' ${quoted.join(' ')}`], { encoding: 'utf8' });
        expect(read.split('\0').slice(0, -1)).toEqual(texts);
      }),
      { numRuns: 40 },
    );
  });
});
