import type { RunAnswer } from '../../../main/contract/run.ts';

/** The answer to a run that went well, with what a test wants otherwise. */
export function runAnswer(over: Partial<RunAnswer> = {}): RunAnswer {
  return {
    status: 200,
    headers: {},
    body: { json: {}, bytes: 2, truncated: false },
    durationMs: 1,
    versionHeader: { expected: '1.0.0', observed: '1.0.0', ok: true },
    traceId: 'abc',
    cancelled: false,
    ...over,
  };
}
