import { describe, expect, it } from 'vitest';
import type { PersonaId, PersonaView } from '../../../../../main/contract/run.ts';
import type { TokenView } from '../../../../../main/contract/trace.ts';
import { personaOf, sentBody } from '../../../../../renderer/views/traces/detail/replay-model.ts';
import { aTrace } from '../../../support/trace-fixture.ts';

function persona(id: PersonaId, sub: string | null): PersonaView {
  return { id, label: id, description: '', unavailable: null, claims: sub === null ? null : { sub } };
}

const personas = [
  persona('anonymous', null),
  persona('user', 'user-dana'),
  persona('admin', 'user-ada'),
  persona('expired', 'user-dana'),
];

function sentBy(sub: string, expired = false) {
  const steps: TokenView['steps'] = [{ check: 'exp', verdict: expired ? 'failed' : 'passed', detail: '' }];
  return aTrace({ token: { header: null, claims: { sub }, steps, verified: !expired } });
}

describe('personaOf', () => {
  it('finds the persona with the token’s subject', () => {
    expect(personaOf(sentBy('user-ada'), personas, 'user')).toBe('admin');
  });

  it('distinguishes an expired token from a valid one of the same subject', () => {
    expect(personaOf(sentBy('user-dana'), personas, 'admin')).toBe('user');
    expect(personaOf(sentBy('user-dana', true), personas, 'admin')).toBe('expired');
  });

  it('is anonymous where no token was sent, and never where one was', () => {
    expect(personaOf(aTrace(), personas, 'admin')).toBe('anonymous');
    expect(personaOf(sentBy('stranger'), personas, 'anonymous')).toBe('user');
    expect(personaOf(sentBy('stranger'), personas, 'superadmin')).toBe('superadmin');
  });

  it('does not treat an Authorization header without a readable token as anonymous', () => {
    const request = { ...aTrace().request, headers: { authorization: '(masked)' } };
    expect(personaOf(aTrace({ request }), personas, 'admin')).toBe('admin');
  });
});

describe('sentBody', () => {
  it('returns JSON and text, and null for a truncated body', () => {
    expect(sentBody({ json: { a: [1] }, bytes: 9, truncated: false })).toBe('{"a":[1]}');
    expect(sentBody({ text: '{oops', bytes: 5, truncated: false })).toBe('{oops');
    expect(sentBody(null)).toBe('');
    expect(sentBody({ text: '{"a', bytes: 9e6, truncated: true })).toBeNull();
  });
});
