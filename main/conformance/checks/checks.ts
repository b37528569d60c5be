import type { ClauseId } from '../clauses/clauses.ts';
import type { ClauseCheck, VariantClauseCheck } from './check.ts';
import { CONTEXT_CLAUSES } from './context.ts';
import { CORS_CLAUSES } from './cors.ts';
import { ERROR_CLAUSES, LIMIT_CLAUSES } from './errors.ts';
import { EXECUTE_CLAUSES } from './execution.ts';
import { IDENTITY_CLAUSES } from './identity.ts';
import { HOST_CLAUSES } from './plugin-host.ts';
import { PLUGIN_CLAUSES } from './plugins.ts';
import { HEALTH_CLAUSES, STATE_CLAUSES } from './runtime.ts';
import { SPOOF_CLAUSES } from './spoofing.ts';
import { TIMEOUT_CLAUSES } from './timeouts.ts';
import { HEADER_CLAUSES } from './version-header.ts';

/** The check of each clause. */
export const CLAUSE_CHECKS: Readonly<Record<ClauseId, ClauseCheck | VariantClauseCheck>> = {
  ...HEADER_CLAUSES,
  ...HEALTH_CLAUSES,
  ...STATE_CLAUSES,
  ...PLUGIN_CLAUSES,
  ...EXECUTE_CLAUSES,
  ...HOST_CLAUSES,
  ...IDENTITY_CLAUSES,
  ...CONTEXT_CLAUSES,
  ...SPOOF_CLAUSES,
  ...ERROR_CLAUSES,
  ...LIMIT_CLAUSES,
  ...CORS_CLAUSES,
  ...TIMEOUT_CLAUSES,
};
