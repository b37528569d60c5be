import { expect, it } from 'vitest';
import { attachConfiguration } from '../../../../renderer/views/plugins/attach-configuration.ts';

it.each([
  ['typescript', { type: 'node', address: '127.0.0.1', port: 4711, restart: true }],
  ['javascript', { type: 'node', address: '127.0.0.1', port: 4711, restart: true }],
  ['python', { type: 'debugpy', connect: { host: '127.0.0.1', port: 4711 } }],
] as const)('an editor attaches to a plugin in %s', (language, entry) => {
  const text = attachConfiguration({ name: 'echo', language }, { port: 4711 });
  expect(JSON.parse(text)).toEqual({ name: 'Attach to echo', request: 'attach', ...entry });
});
