import { CLAUSES, type ClauseId } from '../../main/conformance/clauses/clauses.ts';
import type { CheckResult, ConformanceReport, Verdict } from '../../main/contract/conformance.ts';

/** Reports as a run makes them, for whatever writes, reads or judges reports. */

/** A clause of the contract with a verdict; passed unless told otherwise. */
export function madeCheck(id: ClauseId, over: Partial<CheckResult> = {}): CheckResult {
  const requirement = CLAUSES.find((one) => one.id === id);
  if (requirement === undefined) throw new Error(`The contract has no clause '${id}'`);
  const { verdict = 'passed' } = over;
  return {
    ...requirement,
    verdict,
    reason: REASONS[verdict],
    observed: verdict === 'skipped' ? '' : '200 {}',
    stage: null,
    durationMs: 1.25,
    exchanges:
      verdict === 'skipped'
        ? []
        : [
            {
              request: 'GET /health HTTP/1.1\nHost: 127.0.0.1:8080',
              answer: { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' },
              durationMs: 1,
            },
          ],
    ...over,
  };
}

const REASONS: Readonly<Record<Verdict, string>> = {
  passed: 'As the contract says',
  differs: 'The header is 1.0, as the plugin host does',
  failed: 'The header is missing',
  skipped: 'The probe plugin is not loaded there',
};

export function madeReport(
  checks: readonly CheckResult[],
  over: Partial<ConformanceReport> = {},
): ConformanceReport {
  return {
    id: '0b0f8f5e-6f0c-4a53-9c0e-1d1d6f8b2a10',
    target: 'http://127.0.0.1:8080',
    own: true,
    contractVersion: '1.0.0',
    edition: 1,
    mode: 'local',
    at: Date.UTC(2026, 0, 23, 12),
    durationMs: 1_234,
    cancelled: false,
    checks,
    ...over,
  };
}

/** Every clause; those that are named with what is told of them, the others passed. */
export function madeFullReport(
  over: Readonly<Partial<Record<ClauseId, Partial<CheckResult>>>> = {},
): ConformanceReport {
  return madeReport(CLAUSES.map(({ id }) => madeCheck(id, over[id])));
}

/** What a runtime may answer to harm the report, its reader or the tools that read it. */
export const HOSTILE_TEXTS = [
  '</failure></testcase><script>alert(1)</script> & "quoted" \'single\'',
  '| cell | `ticks` ```\n~~~~\n# heading\n---\n</details>',
  'x\n```\n<script>alert(1)</script>\n\n````\n# heading\n| cell |',
  ']]> <![CDATA[ &#0; &lt; \u0000\u001b[31mred\ud800 \ufffe',
  '<img src=x onerror=alert(1)>\u2028javascript:alert(1) [x](javascript:alert(1)) ![y](http://evil.example/y)',
  '\u202etxt.exe\u202c \u200b<!-- --> </style><style>*{display:none}</style>',
] as const;

/** Every text of a clause that a target has a say in, hostile. */
export function hostileCheck(id: ClauseId, text: string): CheckResult {
  return madeCheck(id, {
    verdict: 'failed',
    reason: text,
    observed: text,
    stage: text,
    exchanges: [
      { request: text, answer: { status: 200, headers: { 'x-evil': text }, body: text }, durationMs: 1 },
      { request: text, answer: null, durationMs: 1 },
    ],
  });
}
