import type { ClauseId } from '../../../../main/conformance/clauses/clauses.ts';
import { ERROR_FAULTS } from './errors.ts';
import { EXECUTION_FAULTS } from './execution.ts';
import type { Fault } from './fault.ts';
import { IDENTITY_FAULTS } from './identity.ts';
import { RUNTIME_FAULTS } from './runtime.ts';
import { HEADER_FAULTS } from './version-header.ts';

/** One fault a requirement. */
export const FAULTS: Readonly<Record<ClauseId, Fault>> = {
  ...HEADER_FAULTS,
  ...RUNTIME_FAULTS,
  ...EXECUTION_FAULTS,
  ...IDENTITY_FAULTS,
  ...ERROR_FAULTS,
};
