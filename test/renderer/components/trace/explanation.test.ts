import { describe, expect, it } from 'vitest';
import { OUTCOMES } from '../../../../main/contract/trace.ts';
import { explain } from '../../../../renderer/components/trace/explanation.ts';
import { aTrace } from '../../support/trace-fixture.ts';

const told = (over: Parameters<typeof aTrace>[0]) => explain(aTrace(over), '30 s', '3.10 ms');

describe('explain', () => {
  it.each(OUTCOMES.filter((outcome) => outcome !== 'ok'))('has words for %s', (outcome) => {
    expect(told({ outcome })?.what).toMatch(/\.$/);
  });

  it('has nothing to explain where all went well', () => {
    expect(told({ outcome: 'ok' })).toBeNull();
  });

  it('tells a missing token from one that failed, with the exact reason', () => {
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
    [400, 'no JSON object'],
    [403, 'Host or the Origin'],
  ])('says why %d was answered', (status, words) => {
    expect(told({ outcome: 'refused', status })?.what).toContain(words);
  });

  it('names the timeout and who sets it', () => {
    expect(told({ outcome: 'timeout' })).toMatchObject({
      what: expect.stringContaining('30 s'),
      remedy: expect.stringContaining('MOZAIKS_PLUGIN_TIMEOUT_SECONDS'),
    });
  });

  it('parts the three ways of an exception', () => {
    const what = (errorCode: string) => told({ outcome: 'exception', errorCode })?.what;
    const all = [what('PLUGIN_EXCEPTION'), what('PLUGIN_INVALID_RESULT'), what('PLUGIN_LOAD_FAILED')];
    expect(new Set(all).size).toBe(3);
  });
});
