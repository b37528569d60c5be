import type { ClauseCode, StagedClauseCode } from './clause.ts';
import { CONTEXT_CLAUSES } from './clauses/context.ts';
import { CORS_CLAUSES } from './clauses/cors.ts';
import { ERROR_CLAUSES, LIMIT_CLAUSES } from './clauses/errors.ts';
import { EXECUTE_CLAUSES } from './clauses/execution.ts';
import { IDENTITY_CLAUSES } from './clauses/identity.ts';
import { PLUGIN_CLAUSES } from './clauses/plugins.ts';
import { HEALTH_CLAUSES, STATE_CLAUSES } from './clauses/runtime.ts';
import { SPOOF_CLAUSES } from './clauses/spoofing.ts';
import { TIMEOUT_CLAUSES } from './clauses/timeouts.ts';
import { HEADER_CLAUSES } from './clauses/version-header.ts';
import type { RequirementId } from './requirements.ts';

/** How each requirement is judged. */
export const CLAUSE_CODE: Readonly<Record<RequirementId, ClauseCode | StagedClauseCode>> = {
  ...HEADER_CLAUSES,
  ...HEALTH_CLAUSES,
  ...STATE_CLAUSES,
  ...PLUGIN_CLAUSES,
  ...EXECUTE_CLAUSES,
  ...IDENTITY_CLAUSES,
  ...CONTEXT_CLAUSES,
  ...SPOOF_CLAUSES,
  ...ERROR_CLAUSES,
  ...LIMIT_CLAUSES,
  ...CORS_CLAUSES,
  ...TIMEOUT_CLAUSES,
};
