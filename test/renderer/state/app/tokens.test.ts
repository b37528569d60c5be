import { beforeEach, expect, test, vi } from 'vitest';
import type { TokenReport, TokenSetup } from '../../../../main/contract/token.ts';
import {
  changeClaims,
  mintToken,
  parseClaims,
  resetTokens,
  setClaims,
  setToken,
  switchDevIssuer,
  takePersona,
  tokenStore,
} from '../../../../renderer/state/app/tokens.ts';
import { Refusal } from '../../support/stub-bridge.ts';
import { stubStores } from '../../support/stub-stores.ts';

beforeEach(() => resetTokens());

const report = (userId: string): TokenReport => ({
  header: {},
  claims: { sub: userId },
  decodeError: null,
  verified: true,
  refusal: null,
  steps: [],
  identity: null,
  context: null,
  provenance: [],
});

test.each(['', '{', '[]', '"x"', 'null'])(
  'claims %j are refused in words before anything is sent',
  async (text) => {
    const stub = stubStores({});
    expect(parseClaims(text)).toBeTypeOf('string');
    setClaims(text);
    await mintToken();
    expect(tokenStore.getState().mintError).toMatch(/claims/i);
    expect(stub.calls).toEqual([]);
  },
);

test('minting puts the token in place and looks at it', async () => {
  stubStores({
    mintToken: () => ({ token: 'a.b.c' }),
    inspectToken: ({ token }) => report(token),
    previewClaims: () => report('preview'),
  });
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
  stubStores({
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
  const stub = stubStores({ inspectToken: ({ token }) => report(token) });
  setToken(' Authorization: Bearer a.b.c\n');
  expect(tokenStore.getState().token).toBe('a.b.c');
  await vi.waitFor(() => expect(tokenStore.getState().report).toMatchObject({ state: 'ready' }));
  expect(stub.calls.filter(({ name }) => name === 'inspectToken')).toEqual([
    { name: 'inspectToken', argument: { token: 'a.b.c' } },
  ]);
  setToken('');
  expect(tokenStore.getState().report).toBeNull();
});

const subjectOf = ({ claims }: { claims: { sub?: unknown } }) => report(String(claims.sub));
const previewed = () => {
  const { preview } = tokenStore.getState();
  return preview?.state === 'ready' ? preview.value.claims?.sub : undefined;
};

test('claims are judged while they are typed, once it is quiet, and only as JSON', async () => {
  const stub = stubStores({ previewClaims: subjectOf });
  for (const text of ['{"sub":"a"}', '{"sub":"ab"}', '{"sub":"abc"}']) setClaims(text);
  await vi.waitFor(() => expect(previewed()).toBe('abc'));
  expect(stub.calls).toHaveLength(1);
  setClaims('{"sub":"abcd"');
  setClaims('{"sub":"abcd"}');
  await vi.waitFor(() => expect(previewed()).toBe('abcd'));
  expect(stub.calls).toHaveLength(2);
});

test('a slow answer about older claims is dropped', async () => {
  const waiting: (() => void)[] = [];
  stubStores({
    previewClaims: (argument) =>
      argument.claims.sub === 'old'
        ? new Promise((resolve) => waiting.push(() => resolve(subjectOf(argument))))
        : subjectOf(argument),
  });
  setClaims('{"sub":"old"}');
  await vi.waitFor(() => expect(waiting).toHaveLength(1));
  setClaims('{"sub":"new"}');
  await vi.waitFor(() => expect(previewed()).toBe('new'));
  for (const release of waiting) release();
  // All that the late answer sets in motion is done by the next turn.
  await new Promise((resolve) => setTimeout(resolve));
  expect(previewed()).toBe('new');
});

test('a persona’s claims go into the editor and are judged; nothing is signed', async () => {
  const stub = stubStores({ previewClaims: subjectOf });
  takePersona({ id: 'admin', label: '', description: '', unavailable: null, claims: { sub: 'ada' } });
  await vi.waitFor(() => expect(previewed()).toBe('ada'));
  expect(tokenStore.getState()).toMatchObject({ persona: 'admin', token: '' });
  expect(stub.calls.map(({ name }) => name)).toEqual(['previewClaims']);
});

test('the form writes into the text, unless that is no JSON', () => {
  stubStores({ previewClaims: subjectOf });
  setClaims('{"sub":"a"}');
  changeClaims((claims) => ({ ...claims, sub: 'b' }));
  expect(tokenStore.getState().claims).toBe('{\n  "sub": "b"\n}');
  setClaims('{"sub":');
  changeClaims((claims) => ({ ...claims, sub: 'c' }));
  expect(tokenStore.getState().claims).toBe('{"sub":');
});

test('no token gets into what is remembered over restarts', async () => {
  const { stores, page } = stubStores({
    inspectToken: ({ token }) => report(token),
    mintToken: () => ({ token: 'minted.b.c' }),
  });
  setToken('secret.pasted.token');
  setClaims('{}');
  await mintToken();
  const stored = [...page.stored.values()];
  expect(stored.length).toBeGreaterThan(0);
  expect(stored.join()).not.toMatch(/pasted|minted/);
  expect(JSON.stringify(stores.ui.store.getState().choices)).not.toMatch(/pasted|minted/);
});

test('switching the mode takes the persona’s claims anew and looks at the token again', async () => {
  const persona = (claims: { sub: string; iss?: string }) => ({
    id: 'admin' as const,
    label: '',
    description: '',
    unavailable: null,
    claims,
  });
  const stub = stubStores({
    previewClaims: subjectOf,
    inspectToken: ({ token }) => report(token),
    useDevIssuer: () => ({ mode: 'external' }) as TokenSetup,
    tokenSetup: () => ({ mode: 'external' }) as TokenSetup,
    personas: () => [persona({ sub: 'ada', iss: 'here' })],
  });
  takePersona(persona({ sub: 'ada' }));
  tokenStore.setState({ token: 'a.b.c' });
  await switchDevIssuer(true);
  expect(JSON.parse(tokenStore.getState().claims)).toEqual({ sub: 'ada', iss: 'here' });
  expect(stub.calls).toContainEqual({ name: 'inspectToken', argument: { token: 'a.b.c' } });
  expect(stub.calls).toContainEqual({ name: 'useDevIssuer', argument: { on: true } });
});
