import { beforeEach, expect, it } from 'vitest';
import {
  readSentBodies,
  rememberBody,
  sentBodies,
} from '../../../../../renderer/views/run/form/sent-bodies.ts';

beforeEach(() => sentBodies.setState({ byPlugin: {} }));

const of = (plugin: string) => sentBodies.getState().byPlugin[plugin];

it('lists the latest first, without duplicates', () => {
  rememberBody('echo', '1');
  rememberBody('echo', '2');
  rememberBody('echo', '1');
  rememberBody('other', '3');
  expect(of('echo')).toEqual(['1', '2']);
});

it('drops old and long bodies', () => {
  for (let at = 0; at < 20; at++) rememberBody('echo', String(at));
  rememberBody('echo', 'x'.repeat(20_000));
  expect(of('echo')).toHaveLength(8);
  expect(of('echo')?.[0]).toBe('19');
});

it('accepts a plugin named like an object method', () => {
  rememberBody('constructor', '{}');
  expect(of('constructor')).toEqual(['{}']);
});

it.each([undefined, null, 'x', { echo: 'no list' }, { echo: [7, null] }])(
  'tolerates %j in storage',
  (stored) => {
    expect(Object.values(readSentBodies(stored)).flat()).toEqual([]);
  },
);
