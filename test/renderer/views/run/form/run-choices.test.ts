import { beforeEach, expect, it } from 'vitest';
import {
  chooseRoute,
  chooseRun,
  chooseSample,
  compareWith,
  readRunChoices,
  runChoices,
  togglePersona,
} from '../../../../../renderer/views/run/form/run-choices.ts';

beforeEach(() => chooseRun(readRunChoices(undefined)));

it('keeps personas in order, the baseline first', () => {
  chooseRun({ personas: ['user', 'expired'] });
  togglePersona('anonymous');
  expect(runChoices.getState().personas).toEqual(['user', 'anonymous', 'expired']);
  compareWith('expired');
  expect(runChoices.getState().personas).toEqual(['expired', 'anonymous', 'user']);
  togglePersona('expired');
  expect(runChoices.getState().personas).toEqual(['anonymous', 'user']);
});

it('records samples and paths by plugin, and removes them', () => {
  chooseSample('a', { name: 'x', revision: 'r' });
  chooseRoute('a', 'plugin-host');
  chooseRoute('constructor', 'plugin-host');
  chooseSample('a', null);
  chooseRoute('a', 'execute');
  expect(runChoices.getState()).toMatchObject({ samples: {}, routes: { constructor: 'plugin-host' } });
});

it.each([
  undefined,
  null,
  7,
  { personas: 'x', several: 'yes', samples: [1], routes: { a: 'elsewhere' }, allFields: null },
  { samples: { a: { name: 1 } }, personas: [7, 'nobody'] },
])('tolerates %j in storage', (stored) => {
  const { several, allFields, samples, routes } = readRunChoices(stored);
  expect({ several, allFields, samples, routes }).toEqual({
    several: false,
    allFields: true,
    samples: {},
    routes: {},
  });
});

it('restores what was stored', () => {
  const stored = {
    several: true,
    personas: ['admin', 'user', 'admin'],
    allFields: false,
    samples: { a: { name: 'x', revision: 'r' } },
    routes: { a: 'plugin-host' },
  };
  expect(readRunChoices(stored)).toEqual({ ...stored, personas: ['admin', 'user'] });
});
