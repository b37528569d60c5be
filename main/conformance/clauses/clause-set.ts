import type { Clause } from '../../contract/conformance.ts';

/** Clauses by id, in the order of the report. */
export type ClauseSet = Readonly<Record<string, Omit<Clause, 'id' | 'group'>>>;
