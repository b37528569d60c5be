import { expect, onTestFinished, test, vi } from 'vitest';
import {
  chooseTarget,
  contractTargetStore,
  forgetTargets,
  readTarget,
  rememberTarget,
  resetTarget,
  targetArgument,
  timeoutSeconds,
} from '../../../../renderer/state/contract/contract-target.ts';

function withStorage(): Map<string, string> {
  const stored = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
  });
  resetTarget();
  onTestFinished(() => {
    vi.unstubAllGlobals();
    resetTarget();
  });
  return stored;
}

test('addresses are remembered, newest first and a few only; a secret never', () => {
  const stored = withStorage();
  const secrets = { token: 'a.b.c', secret: 'hush-hush', ownToken: 'd.e.f' };
  chooseTarget({ target: 'other', way: 'secret', ...secrets });
  for (let n = 0; n < 12; n += 1) rememberTarget(`http://127.0.0.1:${n}`);
  rememberTarget('http://127.0.0.1:9');
  const text = [...stored.values()].join();
  for (const secret of Object.values(secrets)) expect(text).not.toContain(secret);
  const read = readTarget(JSON.parse(text));
  expect(read).toMatchObject({ way: 'secret', probe: 'javascript' });
  expect(read.recent).toHaveLength(8);
  expect(read.recent.slice(0, 3)).toEqual([9, 11, 10].map((port) => `http://127.0.0.1:${port}`));
  forgetTargets();
  expect(contractTargetStore.getState().recent).toEqual([]);
});

test('what was stored by hand or by another version is read part by part', () => {
  withStorage();
  for (const stored of [undefined, null, 5, [], { recent: 'x', way: 'magic', probe: 7 }])
    expect(readTarget(stored)).toEqual({ recent: [], way: 'none', probe: 'javascript' });
  expect(readTarget({ recent: ['a', 5, 'b'], way: 'own-key', probe: 'python' })).toEqual({
    recent: ['a', 'b'],
    way: 'own-key',
    probe: 'python',
  });
});

test('this runtime’s token never goes to another, nor the other way round', () => {
  withStorage();
  chooseTarget({ token: 'theirs', ownToken: 'ours', url: 'http://127.0.0.1:1', way: 'token' });
  expect(targetArgument()).toEqual({ target: null, probe: 'javascript', token: 'ours' });
  chooseTarget({ target: 'other' });
  expect(targetArgument()).toEqual({ target: 'http://127.0.0.1:1', token: 'theirs' });
  chooseTarget({ way: 'own-key' });
  expect(targetArgument()).toEqual({ target: 'http://127.0.0.1:1', ownKey: true });
});

test.each([
  ['30', 30],
  [' 2,5 ', 2.5],
  ['', null],
  ['0', null],
  ['-1', null],
  ['4000', null],
  ['soon', null],
])('a timeout typed as %j is %j seconds', (typed, seconds) => {
  expect(timeoutSeconds(typed)).toBe(seconds);
});
