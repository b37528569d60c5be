import type { Outcome } from './trace.ts';

/**
 * The demonstration: sample traffic over real HTTP against a runtime of its own, on another port, with
 * plugins in a temporary folder. Nothing of the user's is touched; its traces are among theirs and stay.
 */

/** In the order they are shown. */
export const DEMO_STEPS = ['call', 'spoof', 'expired', 'error', 'timeout', 'inside', 'reload'] as const;
export type DemoStep = (typeof DEMO_STEPS)[number];

export interface DemoView {
  readonly baseUrl: string;
  /** Of the plugins; temporary. */
  readonly folder: string;
  readonly timeoutMs: number;
}

/** What one step led to. */
export interface DemoResult {
  readonly step: DemoStep;
  readonly plugin: string;
  readonly traceId: string;
  readonly outcome: Outcome;
  readonly status: number;
  readonly errorCode: string | null;
  /** Of the call, as its caller measured it. */
  readonly durationMs: number;
  /** The step `reload`: first file event → new version serving. */
  readonly reloadMs: number | null;
}

/** What a UI may ask about the demonstration. `null`: no argument or no answer. */
export interface DemoFunctions {
  /** Starts from the beginning; a running one ends first. */
  startDemo: { argument: null; answer: DemoView };
  /** Does one step, any of them, as often as wanted. NOT_FOUND when no demonstration is running. */
  runDemoStep: { argument: { step: DemoStep }; answer: DemoResult };
  /** Ends its runtime and removes its files. */
  stopDemo: { argument: null; answer: null };
}
