import { describe, expect, it } from 'vitest';
import {
  belongsToClaims,
  claimLines,
  formatClaimTime,
} from '../../../../renderer/components/trace/claim-lines.ts';

describe('claimLines', () => {
  it('assigns each line to its claim', () => {
    const lines = claimLines({ sub: 'u1', realm_access: { roles: ['user', 'admin'] }, exp: 5 });
    expect(lines.map(({ path, depth, key, text }) => [path, depth, key, text])).toEqual([
      ['', 0, null, '{'],
      ['sub', 1, 'sub', '"u1",'],
      ['realm_access', 1, 'realm_access', '{'],
      ['realm_access.roles', 2, 'roles', '["user","admin"]'],
      ['realm_access', 1, null, '},'],
      ['exp', 1, 'exp', '5'],
      ['', 0, null, '}'],
    ]);
  });

  it('round-trips as JSON', () => {
    const claims = { a: [], b: {}, c: [{ d: null }], 'e.f': 'x'.repeat(80), g: ['y'.repeat(80)] };
    const text = claimLines(claims)
      .map((line) => `${line.key === null ? '' : `${JSON.stringify(line.key)}: `}${line.text}`)
      .join('\n');
    expect(JSON.parse(text)).toEqual(claims);
  });
});

describe('belongsToClaims', () => {
  it.each<[string, readonly string[], boolean]>([
    ['sub', ['sub'], true],
    ['subject', ['sub'], false],
    ['realm_access.roles', ['realm_access.roles'], true],
    ['realm_access', ['realm_access.roles'], false],
    ['realm_access.roles', ['realm_access'], true],
    ['resource_access.web.roles', ['resource_access.web.roles'], true],
    ['resource_access.web', ['resource_access.web.roles'], false],
    ['realm_access.roles', ['realm_access.roles', 'resource_access.web.roles'], true],
    ['resource_access.web.roles', ['realm_access.roles', 'resource_access.web.roles'], true],
    ['https://mozaiks.ai/roles', ['https://mozaiks.ai/roles'], true],
    ['salt and pepper', ['salt and pepper'], true],
    ['salt', ['salt and pepper'], false],
    ['brand', ['br', 'brandy'], false],
    ['', ['sub'], false],
    ['sub', [], false],
  ])('%s belongs to %j: %s', (line, claims, expected) => {
    expect(belongsToClaims(line, claims)).toBe(expected);
  });
});

describe('formatClaimTime', () => {
  it('formats the time claims of a token, and no others', () => {
    const at = new Date(1_780_003_600_000).getFullYear();
    expect(formatClaimTime({ path: 'exp', text: '1780003600,' })).toContain(String(at));
    expect(formatClaimTime({ path: 'sub', text: '1780003600' })).toBeNull();
    expect(formatClaimTime({ path: 'exp', text: '"soon"' })).toBeNull();
    expect(formatClaimTime({ path: 'exp', text: '1e999' })).toBeNull();
  });
});
