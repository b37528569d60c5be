import { expect, it } from 'vitest';
import { resolvePages } from '../../main/desktop/pages.ts';

const BUILT = 'workbench://app';
const resolve = (devServer: string | undefined, isDevelopment = true) =>
  resolvePages(BUILT, { devServer, isDevelopment });

it('I7: takes pages from the development server in development', () => {
  const own = { base: 'http://localhost:5173', origin: 'http://localhost:5173' };
  expect(resolve('http://localhost:5173/')).toEqual(own);
  expect(resolve('http://127.0.0.1:9').origin).toBe('http://127.0.0.1:9');
});

it.each([
  ['outside of development', 'http://localhost:5173', false],
  ['where none is named', undefined, true],
  ['for another machine', 'http://evil.example:5173', true],
  ['for a host that only begins alike', 'http://localhost.evil.example', true],
  ['for a user named like the host', 'http://localhost@evil.example', true],
  ['for another scheme', 'file://localhost/etc/passwd', true],
  ['for no address', 'localhost', true],
])('I7: shows the built pages %s', (_when, devServer, isDevelopment) => {
  expect(resolve(devServer, isDevelopment)).toEqual({ base: BUILT, origin: BUILT });
});
