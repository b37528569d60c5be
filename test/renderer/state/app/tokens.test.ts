import { expect, it, vi } from 'vitest';
import type { TokenReport, TokenSetup } from '../../../../main/contract/token.ts';
import { parseClaims } from '../../../../renderer/state/app/tokens.ts';
import type { Stores } from '../../../../renderer/stores.ts';
import { Refusal } from '../../support/stub-bridge.ts';
import { stubStores } from '../../support/stub-stores.ts';

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

it.each(['', '{', '[]', '"x"', 'null'])(
  'refuses claims %j with a reason before anything is sent',
  async (text) => {
    const { stores, calls } = stubStores();
    expect(parseClaims(text)).toBeTypeOf('string');
    stores.tokens.setClaims(text);
    await stores.tokens.mint();
    expect(stores.tokens.store.getState().mintError).toMatch(/claims/i);
    expect(calls).toEqual([]);
  },
);

it('inspects a minted token', async () => {
  const { stores } = stubStores({
    mintToken: () => ({ token: 'a.b.c' }),
    inspectToken: ({ token }) => report(token),
    previewClaims: () => report('preview'),
  });
  stores.tokens.setClaims('{"sub":"x"}');
  await stores.tokens.mint();
  expect(stores.tokens.store.getState()).toMatchObject({
    token: 'a.b.c',
    minting: false,
    mintError: null,
    report: { state: 'ready', value: { claims: { sub: 'a.b.c' } } },
  });
});

it('shows why a token was not minted', async () => {
  const { stores } = stubStores({
    mintToken: () => {
      throw new Refusal('BAD_REQUEST', 'no private key in external mode');
    },
  });
  stores.tokens.setClaims('{}');
  await stores.tokens.mint();
  expect(stores.tokens.store.getState()).toMatchObject({
    mintError: 'no private key in external mode',
    minting: false,
  });
});

it('takes the token out of a pasted header line, and drops the report with the token', async () => {
  const { stores, ...stub } = stubStores({ inspectToken: ({ token }) => report(token) });
  stores.tokens.setToken(' Authorization: Bearer a.b.c\n');
  expect(stores.tokens.store.getState().token).toBe('a.b.c');
  await vi.waitFor(() => expect(stores.tokens.store.getState().report).toMatchObject({ state: 'ready' }));
  expect(stub.calls.filter(({ name }) => name === 'inspectToken')).toEqual([
    { name: 'inspectToken', argument: { token: 'a.b.c' } },
  ]);
  stores.tokens.setToken('');
  expect(stores.tokens.store.getState().report).toBeNull();
});

const subjectOf = ({ claims }: { claims: { sub?: unknown } }) => report(String(claims.sub));
const previewed = ({ tokens }: Stores) => {
  const { preview } = tokens.store.getState();
  return preview?.state === 'ready' ? preview.value.claims?.sub : undefined;
};

it('previews claims while they are typed, after a pause, and only valid JSON', async () => {
  const { stores, ...stub } = stubStores({ previewClaims: subjectOf });
  for (const text of ['{"sub":"a"}', '{"sub":"ab"}', '{"sub":"abc"}']) stores.tokens.setClaims(text);
  await vi.waitFor(() => expect(previewed(stores)).toBe('abc'));
  expect(stub.calls).toHaveLength(1);
  stores.tokens.setClaims('{"sub":"abcd"');
  stores.tokens.setClaims('{"sub":"abcd"}');
  await vi.waitFor(() => expect(previewed(stores)).toBe('abcd'));
  expect(stub.calls).toHaveLength(2);
});

it('drops a late answer about older claims', async () => {
  const waiting: (() => void)[] = [];
  const { stores } = stubStores({
    previewClaims: (argument) =>
      argument.claims.sub === 'old'
        ? new Promise((resolve) => waiting.push(() => resolve(subjectOf(argument))))
        : subjectOf(argument),
  });
  stores.tokens.setClaims('{"sub":"old"}');
  await vi.waitFor(() => expect(waiting).toHaveLength(1));
  stores.tokens.setClaims('{"sub":"new"}');
  await vi.waitFor(() => expect(previewed(stores)).toBe('new'));
  for (const release of waiting) release();
  // All that the late answer sets in motion is done by the next turn.
  await new Promise((resolve) => setTimeout(resolve));
  expect(previewed(stores)).toBe('new');
});

it('loads a persona’s claims into the editor and previews them; signs nothing', async () => {
  const { stores, ...stub } = stubStores({ previewClaims: subjectOf });
  stores.tokens.loadPersona({
    id: 'admin',
    label: '',
    description: '',
    unavailable: null,
    claims: { sub: 'ada' },
  });
  await vi.waitFor(() => expect(previewed(stores)).toBe('ada'));
  expect(stores.tokens.store.getState()).toMatchObject({ persona: 'admin', token: '' });
  expect(stub.calls.map(({ name }) => name)).toEqual(['previewClaims']);
});

it('changes the text by the form, unless it is not valid JSON', () => {
  const { stores } = stubStores({ previewClaims: subjectOf });
  stores.tokens.setClaims('{"sub":"a"}');
  stores.tokens.changeClaims((claims) => ({ ...claims, sub: 'b' }));
  expect(stores.tokens.store.getState().claims).toBe('{\n  "sub": "b"\n}');
  stores.tokens.setClaims('{"sub":');
  stores.tokens.changeClaims((claims) => ({ ...claims, sub: 'c' }));
  expect(stores.tokens.store.getState().claims).toBe('{"sub":');
});

it('never stores a token', async () => {
  const { stores, page } = stubStores({
    inspectToken: ({ token }) => report(token),
    mintToken: () => ({ token: 'minted.b.c' }),
  });
  stores.tokens.setToken('secret.pasted.token');
  stores.tokens.setClaims('{}');
  await stores.tokens.mint();
  const stored = [...page.stored.values()];
  expect(stored.length).toBeGreaterThan(0);
  expect(stored.join()).not.toMatch(/pasted|minted/);
  expect(JSON.stringify(stores.ui.store.getState().choices)).not.toMatch(/pasted|minted/);
});

it('loads the persona’s claims and inspects the token again after the mode was switched', async () => {
  const persona = (claims: { sub: string; iss?: string }) => ({
    id: 'admin' as const,
    label: '',
    description: '',
    unavailable: null,
    claims,
  });
  const { stores, ...stub } = stubStores({
    previewClaims: subjectOf,
    inspectToken: ({ token }) => report(token),
    useDevIssuer: () => ({ mode: 'external' }) as TokenSetup,
    tokenSetup: () => ({ mode: 'external' }) as TokenSetup,
    personas: () => [persona({ sub: 'ada', iss: 'here' })],
  });
  stores.tokens.loadPersona(persona({ sub: 'ada' }));
  stores.tokens.store.setState({ token: 'a.b.c' });
  await stores.tokens.switchDevIssuer(true);
  expect(JSON.parse(stores.tokens.store.getState().claims)).toEqual({ sub: 'ada', iss: 'here' });
  expect(stub.calls).toContainEqual({ name: 'inspectToken', argument: { token: 'a.b.c' } });
  expect(stub.calls).toContainEqual({ name: 'useDevIssuer', argument: { on: true } });
});
