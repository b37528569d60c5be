import { describe, expect, it } from 'vitest';
import { CLAUSES } from '../../main/conformance/clauses/clauses.ts';
import { FURTHER_FAULTS } from '../support/stand-in/faults/further.ts';
import { byVerdict, judgeStandIn, QUICK } from '../support/stand-in/judged.ts';

/** Runtimes that break the contract in other ways than the one each clause was first tried with. */

const inOrder = (ids: readonly string[]) => CLAUSES.map(({ id }) => id).filter((id) => ids.includes(id));

describe.concurrent('A runtime that', { timeout: 60_000 }, () => {
  it.each(FURTHER_FAULTS.map((fault) => [fault.says, fault] as const))(
    '%s fails what it breaks',
    async (_, fault) => {
      const { rules, fails, skips = [] } = fault;
      const { passed, ...others } = byVerdict(await judgeStandIn({ rules: rules() }));
      expect(others).toEqual({ failed: inOrder(fails), skipped: inOrder(skips), differs: [] });
      expect(passed).toHaveLength(QUICK.length - fails.length - skips.length);
    },
  );

  it('waits longer than the default by itself, and says so, fails timeout.default', async () => {
    const waits = { rules: { defaultTimeoutSeconds: 2.5 }, expectedDefaultSeconds: 1 };
    const { passed: _, ...others } = byVerdict(await judgeStandIn(waits, [...QUICK, 'timeout.default']));
    expect(others).toEqual({ failed: ['timeout.default'], skipped: [], differs: [] });
  });
});
