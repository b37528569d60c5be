import { beforeEach, expect, test } from 'vitest';
import {
  readSentBodies,
  rememberBody,
  sentBodies,
} from '../../../../../renderer/views/run/form/sent-bodies.ts';

beforeEach(() => sentBodies.setState({ byPlugin: {} }));

const of = (plugin: string) => sentBodies.getState().byPlugin[plugin];

test('the latest comes first, each once', () => {
  rememberBody('echo', '1');
  rememberBody('echo', '2');
  rememberBody('echo', '1');
  rememberBody('other', '3');
  expect(of('echo')).toEqual(['1', '2']);
});

test('old and long ones are let go', () => {
  for (let at = 0; at < 20; at++) rememberBody('echo', String(at));
  rememberBody('echo', 'x'.repeat(20_000));
  expect(of('echo')).toHaveLength(8);
  expect(of('echo')?.[0]).toBe('19');
});

test('a plugin may be named like a method of objects', () => {
  rememberBody('constructor', '{}');
  expect(of('constructor')).toEqual(['{}']);
});

test.each([undefined, null, 'x', { echo: 'no list' }, { echo: [7, null] }])(
  '%j in the storage breaks nothing',
  (stored) => {
    expect(Object.values(readSentBodies(stored)).flat()).toEqual([]);
  },
);
