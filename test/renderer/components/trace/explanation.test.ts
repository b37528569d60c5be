import { describe, expect, it } from 'vitest';
import { OUTCOMES } from '../../../../main/contract/trace.ts';
import { explain } from '../../../../renderer/components/trace/explanation.ts';
import { aTrace } from '../../support/trace-fixture.ts';

const told = (over: Parameters<typeof aTrace>[0]) => explain(aTrace(over), '30 s', '3.10 ms');

describe('explain', () => {
  it.each(OUTCOMES.filter((outcome) => outcome !== 'ok'))('explains %s', (outcome) => {
    expect(told({ outcome })?.what).toMatch(/\.$/);
  });

  it('explains nothing for ok', () => {
    expect(told({ outcome: 'ok' })).toBeNull();
  });

  it('distinguishes a missing token from a rejected one, with the exact reason', () => {
    const refused = { outcome: 'refused', status: 401 } as const;
    expect(told(refused)?.what).toContain('none was sent');
    const token = {
      header: null,
      claims: null,
      verified: false,
      steps: [
        { check: 'shape', verdict: 'passed', detail: 'three parts' },
        { check: 'exp', verdict: 'failed', detail: 'expired 2 min ago' },
      ],
    } as const;
    expect(told({ ...refused, token })?.what).toContain('expired 2 min ago');
  });

  it.each([
    [404, 'whoami'],
    [413, 'longer'],
    [400, 'not a JSON object'],
    [403, 'Host or Origin'],
    [429, 'a limit'],
  ])('explains %d', (status, words) => {
    expect(told({ outcome: 'refused', status })?.what).toContain(words);
  });

  it('tells a plan’s 403 from that of a foreign page, which was never identified', () => {
    const identity = {
      kind: 'token',
      userId: 'ada',
      username: 'ada',
      roles: [],
      isSuperadmin: false,
    } as const;
    const refused = { outcome: 'refused', status: 403, identity } as const;
    expect(told({ ...refused, errorCode: 'FORBIDDEN' })?.what).toContain('plan does not include');
    expect(told({ ...refused, errorCode: 'FEATURE_GATED' })?.what).toContain('lacks a feature');
    expect(told({ ...refused, errorCode: 'FORBIDDEN', identity: null })?.what).toContain('Host or Origin');
  });

  it('names the timeout and its setting', () => {
    expect(told({ outcome: 'timeout' })).toMatchObject({
      what: expect.stringContaining('30 s'),
      remedy: expect.stringContaining('MOZAIKS_PLUGIN_TIMEOUT_SECONDS'),
    });
  });

  it('distinguishes the three kinds of exception', () => {
    const what = (errorCode: string) => told({ outcome: 'exception', errorCode })?.what;
    const all = [what('PLUGIN_EXCEPTION'), what('PLUGIN_INVALID_RESULT'), what('PLUGIN_LOAD_FAILED')];
    expect(new Set(all).size).toBe(3);
  });
});
