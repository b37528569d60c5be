import type { Clause } from '../../contract/conformance.ts';
import type { ClauseSet } from './clause-set.ts';
import { CORS, ERRORS, LIMITS } from './errors.ts';
import { CONTEXT, EXECUTION, PLUGIN_HOST, SPOOFING } from './execution.ts';
import { IDENTITY } from './identity.ts';
import { PLUGINS, RUNTIME } from './runtime.ts';
import { TIMEOUTS } from './timeouts.ts';
import { VERSION_HEADER } from './version-header.ts';

/**
 * The contract v1.0.0 as sentences that can be checked one by one. Frozen: two reports mean the same as long
 * as both name the same edition. Any change to their text requires raising {@link EDITION}, which a test
 * enforces.
 */
const GROUPS = {
  'Version header': VERSION_HEADER,
  Runtime: RUNTIME,
  Plugins: PLUGINS,
  Execution: EXECUTION,
  'Plugin host': PLUGIN_HOST,
  Identity: IDENTITY,
  Context: CONTEXT,
  Spoofing: SPOOFING,
  Errors: ERRORS,
  Limits: LIMITS,
  CORS,
  Timeouts: TIMEOUTS,
} as const satisfies Readonly<Record<string, ClauseSet>>;

/** The edition of the clauses. */
export const EDITION = 4;

type Groups = typeof GROUPS;
export type ClauseId = { [G in keyof Groups]: keyof Groups[G] }[keyof Groups];

export type KnownClause = Clause & { readonly id: ClauseId };

/** Every clause, in the order of the report. */
export const CLAUSES: readonly KnownClause[] = Object.freeze(
  Object.entries<ClauseSet>(GROUPS).flatMap(([group, clauses]) =>
    Object.entries(clauses).map(([id, clause]) =>
      // The keys are those of the sets above, from which ClauseId is derived.
      Object.freeze({ id: id as ClauseId, group, ...clause }),
    ),
  ),
);
