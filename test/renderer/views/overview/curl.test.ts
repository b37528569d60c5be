import { expect, it } from 'vitest';
import type { RuntimeSnapshot } from '../../../../main/contract/snapshot.ts';
import { executeCurl } from '../../../../renderer/views/overview/curl.ts';

const snapshot = (changes: object): RuntimeSnapshot =>
  ({
    baseUrl: 'http://127.0.0.1:8080',
    authMode: 'local',
    tokenRequired: false,
    plugins: [
      { name: 'broken', serving: false },
      { name: 'echo', serving: true },
    ],
    ...changes,
  }) as unknown as RuntimeSnapshot;

it('the command calls a plugin that would run, and leaves room for a token only where one is needed', () => {
  expect(executeCurl(snapshot({}))).toBe("curl -si http://127.0.0.1:8080/api/execute/echo -d '{}'");
  const withToken =
    "curl -si http://127.0.0.1:8080/api/execute/echo -H 'Authorization: Bearer TOKEN' -d '{}'";
  expect(executeCurl(snapshot({ tokenRequired: true }))).toBe(withToken);
  expect(executeCurl(snapshot({ authMode: 'external' }))).toBe(withToken);
  expect(executeCurl(snapshot({ plugins: [] }))).toBeNull();
});
