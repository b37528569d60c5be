import { expect, it } from 'vitest';
import { REQUIREMENTS } from '../../main/conformance/requirements.ts';
import { PROBE_LANGUAGES } from '../../main/contract/conformance.ts';
import { callInspector } from '../support/inspector-call.ts';
import { startRuntime } from '../support/runtime.ts';

/** This runtime keeps the contract, in local mode; external-mode.test.ts has the other one. */

it('keeps every clause, by the probe in either language', { timeout: 180_000 }, async () => {
  const plugins = { two: 'export const execute = () => ({});', one: 'export const execute = () => ({});' };
  const app = await startRuntime({ plugins });
  // Both at once: each waits for the default timeout of 30 seconds.
  const reports = await Promise.all(
    PROBE_LANGUAGES.map((probe) =>
      callInspector(app, 'checkContract', { runId: probe, target: null, probe }),
    ),
  );
  for (const { mode, checks } of reports) {
    const others = checks.filter(({ verdict }) => verdict !== 'passed');
    expect(others.map(({ id, verdict, reason }) => `${id}: ${verdict} (${reason})`)).toEqual([]);
    expect([mode, checks.length]).toEqual(['local', REQUIREMENTS.length]);
  }
});
