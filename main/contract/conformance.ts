export interface CheckView {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  /** The rule, in our words, with its place: "contract §1". */
  readonly rule: string;
  readonly verdict: 'passed' | 'failed' | 'skipped';
  /** Why, in words: what differs, or why it was skipped. */
  readonly reason: string;
  readonly request: string;
  readonly expected: string;
  readonly observed: string;
  readonly evidence: {
    readonly status: number | null;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
}

export interface ConformanceReport {
  readonly target: string;
  readonly at: number;
  readonly durationMs: number;
  readonly checks: readonly CheckView[];
}

/** What a UI may ask about the contract. `null` stands for no argument or no answer. */
export interface ConformanceFunctions {
  checkContract: { argument: null; answer: ConformanceReport };
}
