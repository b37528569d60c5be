import type { Severity } from '../../contract/conformance.ts';

/** One sentence of the contract that can be judged by itself. */
export interface Requirement {
  /** Names it in reports and baselines for ever: `health.app`. */
  readonly id: string;
  /** Heading that it stands below. */
  readonly group: string;
  readonly title: string;
  readonly severity: Severity;
  /** The sentence that it comes from, in our words. */
  readonly rule: string;
  /** Where that sentence stands: "contract §1". */
  readonly place: string;
  readonly expected: string;
}

/** Requirements by their id, in the order of the report. */
export type RequirementSet = Readonly<Record<string, Omit<Requirement, 'id' | 'group'>>>;
