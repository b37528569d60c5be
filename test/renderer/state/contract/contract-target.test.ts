import { expect, it } from 'vitest';
import { parseTimeout, toCheckRequest } from '../../../../renderer/state/contract/contract-target.ts';
import { stubStores } from '../../support/stub-stores.ts';

const STORED = 'contract-target';

/** The target store of a page with this stored. */
function begin(stored?: unknown) {
  const { stores, page } = stubStores({}, stored === undefined ? {} : { stored: { [STORED]: stored } });
  return { target: stores.contractTarget, page };
}

it('remembers a few addresses, newest first, and never a secret', () => {
  const { target, page } = begin();
  const secrets = { token: 'a.b.c', secret: 'hush-hush', ownToken: 'd.e.f' };
  target.choose({ target: 'other', way: 'secret', ...secrets });
  for (let n = 0; n < 12; n += 1) target.remember(`http://127.0.0.1:${n}`);
  target.remember('http://127.0.0.1:9');
  const text = [...page.stored.values()].join();
  for (const secret of Object.values(secrets)) expect(text).not.toContain(secret);
  const restored = begin(page.readStored(STORED)).target.store.getState();
  expect(restored).toMatchObject({ way: 'secret', probe: 'javascript', secret: '' });
  expect(restored.recent).toHaveLength(8);
  expect(restored.recent.slice(0, 3)).toEqual([9, 11, 10].map((port) => `http://127.0.0.1:${port}`));
  target.forgetRecent();
  expect(target.store.getState().recent).toEqual([]);
  expect(page.readStored(STORED)).toEqual({ recent: [], way: 'secret', probe: 'javascript' });
});

it('reads what was stored by hand or by another version field by field', () => {
  const read = (stored: unknown) => {
    const { recent, way, probe } = begin(stored).target.store.getState();
    return { recent, way, probe };
  };
  for (const stored of [undefined, null, 5, [], { recent: 'x', way: 'magic', probe: 7 }])
    expect(read(stored)).toEqual({ recent: [], way: 'none', probe: 'javascript' });
  expect(read({ recent: ['a', 5, 'b'], way: 'own-key', probe: 'python' })).toEqual({
    recent: ['a', 'b'],
    way: 'own-key',
    probe: 'python',
  });
});

it('never sends this runtime’s token to another one, nor the other way round', () => {
  const { target } = begin();
  const request = () => toCheckRequest(target.store.getState());
  target.choose({ token: 'theirs', ownToken: 'ours', url: 'http://127.0.0.1:1', way: 'token' });
  expect(request()).toEqual({ target: null, probe: 'javascript', token: 'ours' });
  target.choose({ target: 'other' });
  expect(request()).toEqual({ target: 'http://127.0.0.1:1', token: 'theirs' });
  target.choose({ way: 'own-key' });
  expect(request()).toEqual({ target: 'http://127.0.0.1:1', ownKey: true });
});

it.each([
  ['30', 30],
  [' 2,5 ', 2.5],
  ['', null],
  ['0', null],
  ['-1', null],
  ['4000', null],
  ['soon', null],
])('reads a timeout typed as %j as %j seconds', (typed, seconds) => {
  expect(parseTimeout(typed)).toBe(seconds);
});
