import { Tooltip } from '@mantine/core';
import type { HeaderCheck } from '../../../../main/contract/run.ts';
import { VerdictMark } from '../../../components/text/mark.tsx';

/** Whether the answer carried the contract's version header. */
export function VersionMark({
  check,
  short = false,
}: {
  readonly check: HeaderCheck;
  readonly short?: boolean;
}) {
  const label = check.ok
    ? `Version header ${check.observed}`
    : `Version header ${check.observed ?? 'missing'}, expected ${check.expected}`;
  const mark = (
    <VerdictMark
      verdict={check.ok ? 'passed' : 'failed'}
      word={short ? (check.observed ?? 'no version') : label}
    />
  );
  if (!short) return mark;
  return (
    <Tooltip label={label}>
      <span>{mark}</span>
    </Tooltip>
  );
}
