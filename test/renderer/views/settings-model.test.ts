import { expect, test } from 'vitest';
import type { Setting } from '../../../main/contract/snapshot.ts';
import { matchingSettings } from '../../../renderer/views/settings/settings-model.ts';

const setting = (name: string, source: Setting['source'], value = ''): Setting => ({
  name,
  value,
  source,
  origin: '',
  description: '',
  secret: false,
});
const all = [
  setting('HOST', 'default', '127.0.0.1'),
  setting('PORT', 'command-line', '8081'),
  setting('JWT_SECRET', 'generated'),
  setting('APP_TIER', 'env-file', 'pro'),
];

test('what somebody set stands before defaults, each in the order of the runtime', () => {
  expect(matchingSettings(all, '').map(({ name }) => name)).toEqual([
    'PORT',
    'APP_TIER',
    'HOST',
    'JWT_SECRET',
  ]);
});

test.each([
  ['port', ['PORT']],
  ['127.0', ['HOST']],
  ['.env', ['APP_TIER']],
  ['nothing', []],
])('%j finds %j', (text, names) => {
  expect(matchingSettings(all, text).map(({ name }) => name)).toEqual(names);
});
