import type { Requirement } from '../../contract/conformance.ts';

/** Requirements by their id, in the order of the report. */
export type RequirementSet = Readonly<Record<string, Omit<Requirement, 'id' | 'group'>>>;
