import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type CurlRequest, quoteForShell, toCurl } from '../../../main/traces/files/curl.ts';

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
  return execFileSync('sh', ['-c', script], { env, encoding: 'utf8' }).split('\0').slice(0, -1);
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
      expect(execFileSync('sh', ['-c', `printf %s ${quoteForShell(text)}`], { encoding: 'utf8' })).toBe(text);
    },
  );

  it('takes brackets in the address literally', () => {
    expect(argumentsOf(toCurl({ ...request, url: 'http://127.0.0.1:8080/api/[a]' }))).toContain('--globoff');
  });
});
