import { expect, it } from 'vitest';
import { WorkbenchError } from '../../../main/contract/errors.ts';
import { assertHost, type Served } from '../../../main/server/middleware/host-check.ts';

/** The rules without a server; on the wire they are in gate.test.ts. */

const served: Served = { host: '127.0.0.1', port: 8080, allowedHosts: [] };

/** What the check gives back, or why it refuses. */
function judge(
  hosts: readonly string[],
  { target = '/', ...change }: Partial<Served> & { target?: string } = {},
) {
  const rawHeaders = hosts.flatMap((host) => ['Host', host]);
  try {
    return assertHost(rawHeaders, target, { ...served, ...change });
  } catch (error) {
    if (error instanceof WorkbenchError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

const notServed = (shown: string) =>
  `FORBIDDEN: Host ${JSON.stringify(shown)} is not served here; use 127.0.0.1:8080 or localhost:8080, or add the name to ALLOWED_HOSTS`;

it.each<[readonly string[], string]>([
  [['127.0.0.1:8080'], '127.0.0.1:8080'],
  [['LocalHost:8080'], 'localhost:8080'],
  [['evil.com'], notServed('evil.com')],
  [['x'.repeat(101)], notServed('x'.repeat(100))],
  [[], 'BAD_REQUEST: The request has no Host header; send exactly one'],
  [['localhost:8080', 'evil.com'], 'BAD_REQUEST: The request has 2 Host headers; send exactly one'],
])('H1 H2: hosts %j', (hosts, expected) => {
  expect(judge(hosts)).toBe(expected);
});

it.each<[string, string]>([
  ['/http://evil.com', 'localhost:8080'],
  ['*', 'localhost:8080'],
  ['http://127.0.0.1:8080', 'localhost:8080'],
  ['HTTPS://LOCALHOST:8080/x', 'localhost:8080'],
  ['http://127.0.0.1:8080?evil.com', 'localhost:8080'],
  ['http://127.0.0.1:8080#evil.com', 'localhost:8080'],
  ['http://evil.com/', notServed('evil.com')],
  ['http:///x', notServed('')],
  [
    'xhttp://127.0.0.1:8080/',
    'BAD_REQUEST: The request\'s target "xhttp://127.0.0.1:8080/" is not a path; it must begin with "/"',
  ],
  [
    'x'.repeat(101),
    `BAD_REQUEST: The request's target "${'x'.repeat(100)}" is not a path; it must begin with "/"`,
  ],
])('H1: the target %s', (target, expected) => {
  expect(judge(['localhost:8080'], { target })).toBe(expected);
});

it('H2: an allowed name is served on its own port, or without one on this server’s and the default one', () => {
  const allowedHosts = ['Box.local', 'other:99', '[fd00:1::2]'];
  const accepted = ['box.LOCAL', 'box.local:8080', 'other:99', '[fd00:1::2]', '[fd00:1::2]:8080'];
  expect(accepted.map((host) => judge([host], { allowedHosts }))).toEqual(
    accepted.map((host) => host.toLowerCase()),
  );
  for (const host of ['other', 'other:8080', 'other:99:8080', 'box.local:1', '']) {
    expect(judge([host], { allowedHosts })).toBe(notServed(host));
  }
});

it('H2: each server has names of its own, also beside another in one process', () => {
  const six = '[::1]:8080';
  const own = { allowedHosts: ['a'] };
  const other = { allowedHosts: ['b'] };
  for (const round of [1, 2]) {
    expect(judge([six]), `round ${round}`).toBe(notServed(six));
    expect(judge([six], { host: '::1' })).toBe(six);
    expect(judge(['localhost:9'], { port: 9 })).toBe('localhost:9');
    expect(judge(['localhost:9'])).toBe(notServed('localhost:9'));
    expect(judge(['a'], own)).toBe('a');
    expect(judge(['a'], other)).toBe(notServed('a'));
  }
});
