import type { ProbeLanguage } from '../../contract/conformance.ts';

/** The name of the probe plugin, which answers with what it received and misbehaves on request. */
export const PROBE = 'contract-probe';

/** What the probe plugin does. It is shipped in each {@link ProbeLanguage}. */
export type ProbeCall =
  /** Answers {@link ProbeReport}. The default, also for a body without `action`. */
  | { readonly action: 'report' }
  /** Waits without blocking, then answers `{"slept": seconds}`. */
  | { readonly action: 'sleep'; readonly seconds: number }
  /** Blocks its thread for this long, then answers `{"blocked": seconds}`. */
  | { readonly action: 'block'; readonly seconds: number }
  /** Returns `{"error": message}`, with `error_code` if a code is given. */
  | { readonly action: 'error'; readonly message: string; readonly code?: string }
  | { readonly action: 'throw'; readonly message: string }
  /** Returns a list. */
  | { readonly action: 'invalid' }
  /** Ends its process with code 1. */
  | { readonly action: 'exit' };

/** Its answer to `report`; never the token itself. */
export interface ProbeReport {
  readonly probe: 1;
  readonly language: ProbeLanguage;
  /** Everything it received except `user_jwt`, unchanged. */
  readonly received: Readonly<Record<string, unknown>>;
  /** SHA-256 of `user_jwt` in lower-case hex; null when the key was absent. */
  readonly user_jwt_sha256: string | null;
  /** The timeout variables that its process can see; null when unset or hidden from it. */
  readonly environment: Readonly<
    Record<'MOZAIKS_PLUGIN_TIMEOUT_SECONDS' | 'PLUGIN_EXEC_TIMEOUT_S', string | null>
  >;
}
