import { parse } from 'dotenv';
import { expect, it } from 'vitest';
import type { Setting } from '../../../../main/contract/snapshot.ts';
import {
  groupSettings,
  matchingSettings,
  toEnvFile,
} from '../../../../renderer/views/settings/settings-model.ts';

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

const names = (settings: readonly Setting[]) => settings.map(({ name }) => name);

it('each setting is listed under what it is about; customized ones first', () => {
  const groups = groupSettings([...all, setting('MOZAIKS_PYTHON', 'default'), setting('EDITOR', 'default')]);
  expect(groups.map((group) => [group.title, names(group.settings)])).toEqual([
    ['App', ['APP_TIER']],
    ['Server', ['PORT', 'HOST']],
    ['Identity', ['JWT_SECRET']],
    ['Plugins', ['MOZAIKS_PYTHON']],
    ['Workbench', ['EDITOR']],
  ]);
});

it.each([
  ['port', ['PORT']],
  ['127.0', ['HOST']],
  ['.env', ['APP_TIER']],
  ['nothing', []],
])('%j finds %j', (text, found) => {
  expect(names(matchingSettings(all, text))).toEqual(found);
});

it('only customized settings, when that is asked for', () => {
  expect(names(matchingSettings(all, '', true))).toEqual(['PORT', 'APP_TIER']);
  expect(names(matchingSettings(all, 'host', true))).toEqual([]);
});

it('as a .env file: what was set reads back the same, defaults are comments, no secret is in it', () => {
  const values = ["it's", 'a "b" c', 'two words # no comment', 'http://localhost:5173', 'C:\\plugins', '30'];
  const set = values.map((value, at) => setting(`APP_${at}`, 'environment', value));
  const secret = { ...setting('JWT_SECRET', 'environment', '••••••'), secret: true };
  const text = toEnvFile([...set, setting('PORT', 'default', '8080'), secret]);
  expect(parse(text)).toEqual(Object.fromEntries(set.map(({ name, value }) => [name, value])));
  expect(text).toContain('# PORT=8080');
  expect(text).toContain('# JWT_SECRET= (secret, left out)');
  expect(text).not.toContain('•');
});
