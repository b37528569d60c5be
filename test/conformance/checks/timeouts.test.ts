import { describe, expect, it } from 'vitest';
import { ROUTES } from '../../../main/contract/http.ts';
import { answer, evaluateVariants, report } from '../../support/answers.ts';

/** Of a timeout of 1 second the probe sleeps for 4, of one of 30 seconds for 45. */

const timeout = (durationMs: number, seconds = 1) =>
  answer(
    500,
    {
      detail: `Plugin execution timed out after ${seconds} seconds`,
      error_code: 'PLUGIN_TIMEOUT',
      status_code: 500,
    },
    { durationMs },
  );
const slept = (seconds: number) => answer(200, { slept: seconds }, { durationMs: seconds * 1000 });

const ENDED = ['timeout-set', 1, timeout(1_010)] as const;
const UNENDED = ['timeout-set', 1, slept(4)] as const;

describe('the timeout’s variable', () => {
  it('is heeded where the call is ended after its seconds', () => {
    expect(evaluateVariants('timeout.variable', [ENDED])?.verdict).toBe('passed');
    expect(evaluateVariants('timeout.variable', [['timeout-set', 1, timeout(985)]])?.verdict).toBe('passed');
  });

  it('is not heeded where the call is ended before', () => {
    expect(evaluateVariants('timeout.variable', [['timeout-set', 1, timeout(900)]])).toMatchObject({
      verdict: 'failed',
      reason: 'Ended after 0.9 seconds, not after 1',
    });
  });

  it('is not heeded where the call is not ended, but others are', () => {
    expect(evaluateVariants('timeout.variable', [UNENDED])).toBeNull();
    const unset = ['timeout-unset', 30, timeout(30_010, 30)] as const;
    expect(evaluateVariants('timeout.variable', [UNENDED, unset])?.verdict).toBe('failed');
  });

  it('is not judged where no call is ever ended: that is for timeout.enforced', () => {
    const unset = ['timeout-unset', 30, slept(45)] as const;
    expect(evaluateVariants('timeout.variable', [UNENDED, unset])).toMatchObject({
      verdict: 'skipped',
      reason: expect.stringContaining('see timeout.enforced'),
    });
    const everywhere = [UNENDED, unset, ['probe', 30, slept(45)]] as const;
    expect(evaluateVariants('timeout.enforced', everywhere)?.verdict).toBe('failed');
  });

  it('fails where it is not heeded and nothing else can be asked', () => {
    expect(evaluateVariants('timeout.variable', [UNENDED, 'timeout-unset'])?.verdict).toBe('failed');
  });

  it('is skipped where no runtime has it', () => {
    expect(evaluateVariants('timeout.variable', ['timeout-set'])).toMatchObject({
      verdict: 'skipped',
      reason: 'no timeout-set',
    });
  });
});

describe('the default', () => {
  const unset = (answered: ReturnType<typeof answer>) => ['timeout-unset', 30, answered] as const;

  it('is 30 seconds', () => {
    expect(evaluateVariants('timeout.default', [unset(timeout(30_200, 30))])?.verdict).toBe('passed');
    expect(evaluateVariants('timeout.default', [unset(timeout(20_000, 20))])?.verdict).toBe('failed');
    expect(
      evaluateVariants('timeout.default', [unset(answer(504, '', { durationMs: 40_000 }))])?.verdict,
    ).toBe('failed');
    expect(evaluateVariants('timeout.default', [unset(slept(45)), ENDED])?.verdict).toBe('failed');
  });

  it('can’t be judged where a variable may be set that nobody sees', () => {
    const assumed = { timeout: { seconds: 30, from: 'assumed' } } as const;
    for (const seen of [timeout(20_000, 20), slept(45)]) {
      expect(evaluateVariants('timeout.default', [unset(seen)], assumed)?.verdict).toBe('skipped');
    }
    expect(evaluateVariants('timeout.default', [unset(timeout(30_100, 30))], assumed)?.verdict).toBe(
      'passed',
    );
  });
});

it('an error at once is not a timeout', () => {
  const broken = answer(500, { detail: 'no module named asyncio' }, { durationMs: 3 });
  const seen = [['timeout-set', 1, broken], 'timeout-unset', 'probe'] as const;
  for (const id of ['timeout.enforced', 'timeout.status', 'timeout.detail'] as const) {
    expect(evaluateVariants(id, seen)?.verdict, id).toBe('skipped');
  }
});

describe('the answer to a timeout', () => {
  const status = (given: ReturnType<typeof answer>, context = {}) =>
    evaluateVariants('timeout.status', [['timeout-set', 1, given]], context)?.verdict;
  const detail = (text: string, over = {}) =>
    evaluateVariants(
      'timeout.detail',
      [['timeout-set', 1, answer(500, { detail: text }, { durationMs: 1_001 })]],
      over,
    )?.verdict;
  const late = { durationMs: 1_001 };
  const host = { executeRoute: ROUTES.hostExecute };

  it('is 500 PLUGIN_TIMEOUT; what gateways answer differs', () => {
    expect(status(timeout(1_001))).toBe('passed');
    expect(status(answer(504, 'Gateway Timeout', late))).toBe('differs');
    expect(status(answer(408, '', late))).toBe('differs');
    expect(status(answer(500, { error_code: 'PLUGIN_ERROR' }, late))).toBe('failed');
    expect(status(answer(503, { error_code: 'PLUGIN_TIMEOUT' }, late))).toBe('failed');
  });

  it('of the plugin host is in its own words', () => {
    const words = answer(500, { error: 'Plugin execution failed', details: 'timed out' }, late);
    expect(status(words, host)).toBe('differs');
    expect(status(words)).toBe('failed');
    expect(evaluateVariants('timeout.detail', [['timeout-set', 1, words]], host)?.verdict).toBe('differs');
  });

  it('names the seconds', () => {
    expect(detail('Plugin execution timed out after 1 seconds')).toBe('passed');
    expect(detail('Plugin execution timed out after 1.0 seconds')).toBe('differs');
    expect(detail('Plugin execution timed out after 30 seconds')).toBe('failed');
    expect(detail('timed out')).toBe('failed');
  });
});

describe('a plugin that blocks', () => {
  const health = (durationMs: number) => answer(200, {}, { durationMs });
  const seen = (...answers: ReturnType<typeof answer>[]) =>
    evaluateVariants('timeout.blocking', [['timeout-set', 1, timeout(1_001), ...answers]]);

  it('is ended, and delays nobody', () => {
    expect(seen(timeout(1_002), health(3), report({}))?.verdict).toBe('passed');
  });

  it.each([
    ['runs to its end', [slept(4), health(3), report({})], 'until it finished'],
    ['delays /health', [timeout(1_002), health(700), report({})], '/health answered only after'],
    ['breaks the next call', [timeout(1_002), health(3), answer(500, {})], 'The next call'],
  ])('fails where it %s', (_, answers, reason) => {
    expect(seen(...answers)).toMatchObject({ verdict: 'failed', reason: expect.stringContaining(reason) });
  });

  it('is not judged where even one that waits is not ended', () => {
    const unended = ['timeout-set', 1, slept(4), slept(4), health(3), report({})] as const;
    expect(evaluateVariants('timeout.blocking', [unended])?.verdict).toBe('skipped');
  });
});
