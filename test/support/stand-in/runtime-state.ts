import type { Trust } from './identity.ts';
import type { Rules } from './rules.ts';

/** What one stand-in is, for its routes. */
export interface RuntimeState {
  readonly rules: Rules;
  readonly trust: Trust;
  /** Its environment variables: only the timeout's are looked at. */
  readonly environment: Readonly<Record<string, string>>;
  /** What it writes into the version header; null for a runtime that has none. */
  readonly version: string | null;
  readonly maxBodyBytes: number;
  readonly allowedOrigin: string;
  /** Calls that block, while they do. */
  readonly blocking: Set<Promise<unknown>>;
  readonly port: () => number;
  /** Aborts when it stops. */
  readonly signal: AbortSignal;
}

export const APP = { app_id: 'stand_in_app', app_tier: 'free' } as const;

/** Of the first variable that is set and looked at (CONTRACT.md §5). */
export function timeoutSecondsOf({ rules, environment }: RuntimeState): number {
  const set = rules.timeoutVariables.map((name) => environment[name]).find((value) => value !== undefined);
  return set === undefined ? rules.defaultTimeoutSeconds : Number(set);
}
