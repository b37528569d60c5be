import { beforeEach, expect, test, vi } from 'vitest';
import type { TokenReport } from '../../../main/contract/token.ts';
import {
  mintToken,
  parseClaims,
  resetTokens,
  setClaims,
  setToken,
  tokenStore,
} from '../../../renderer/state/tokens.ts';
import { Refusal, stubBridge } from '../support/stub-bridge.ts';

beforeEach(() => resetTokens());

const report = (userId: string): TokenReport => ({
  header: {},
  claims: { sub: userId },
  decodeError: null,
  verified: true,
  steps: [],
  identity: null,
  context: null,
  provenance: [],
});

test.each(['', '{', '[]', '"x"', 'null'])(
  'claims %j are refused in words before anything is sent',
  async (text) => {
    const stub = stubBridge({});
    expect(parseClaims(text)).toBeTypeOf('string');
    setClaims(text);
    await mintToken();
    expect(tokenStore.getState().mintError).toMatch(/claims/i);
    expect(stub.calls).toEqual([]);
  },
);

test('minting puts the token in place and looks at it', async () => {
  stubBridge({ mintToken: () => ({ token: 'a.b.c' }), inspectToken: ({ token }) => report(token) });
  setClaims('{"sub":"x"}');
  await mintToken();
  expect(tokenStore.getState()).toMatchObject({
    token: 'a.b.c',
    minting: false,
    mintError: null,
    report: { state: 'ready', value: { claims: { sub: 'a.b.c' } } },
  });
});

test('a refusal to mint is shown in its own words', async () => {
  stubBridge({
    mintToken: () => {
      throw new Refusal('BAD_REQUEST', 'no private key in external mode');
    },
  });
  setClaims('{}');
  await mintToken();
  expect(tokenStore.getState()).toMatchObject({
    mintError: 'no private key in external mode',
    minting: false,
  });
});

test('a pasted header line is taken as its token, and an emptied field drops the report', async () => {
  const stub = stubBridge({ inspectToken: ({ token }) => report(token) });
  setToken(' Authorization: Bearer a.b.c\n');
  expect(tokenStore.getState().token).toBe('a.b.c');
  await vi.waitFor(() => expect(tokenStore.getState().report).toMatchObject({ state: 'ready' }));
  expect(stub.calls).toEqual([{ name: 'inspectToken', argument: { token: 'a.b.c' } }]);
  setToken('');
  expect(tokenStore.getState().report).toBeNull();
});
