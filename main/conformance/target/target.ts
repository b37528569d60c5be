import type { SkipCode } from '../../contract/conformance.ts';

/** Tokens to call a target with, and those that it must refuse. */
export type TokenKind =
  | 'user'
  | 'superadmin'
  /** Its signature doesn't match its content. */
  | 'tampered'
  | 'alg-none'
  | 'expired'
  | 'no-expiry'
  | 'no-subject'
  | 'wrong-audience';

/** Whom the `user` token names, as a runtime with these settings reads it (CONTRACT.md §3). */
export interface Caller {
  readonly userId: string;
  readonly username: string | null;
  readonly roles: readonly string[];
}

/** What a run knows about its target; what a clause needs and isn't there makes it skipped, never passed. */
export interface CheckContext {
  /** Null where nothing tells. */
  readonly mode: 'local' | 'external' | null;
  /** The target answers API routes without a token. */
  readonly anonymousAllowed: boolean;
  /** Those that can be had for this target; a target without a signing key gets what can be made of one token. */
  readonly tokens: Readonly<Partial<Record<TokenKind, string>>>;
  /** Null without a `user` token. */
  readonly caller: Caller | null;
  /** A plugin that would execute, for requests that are refused before it runs; or null. */
  readonly plugin: string | null;
  /** The probe plugin's name where it is loaded, else null. */
  readonly probe: string | null;
  /**
   * How plugins are executed there, `:plugin_name` standing for the plugin: the contract's route, or the plugin host's where
   * only that one works. Clauses about executions go by it, so that another path breaks the one clause about the path.
   */
  readonly executeRoute: string;
  /** Largest body the target accepts, in bytes. */
  readonly maxBodyBytes: number;
  /** An origin whose scripts may call the target. */
  readonly allowedOrigin: string;
  /** The timeout of plugins that is to be expected, and how it is known. */
  readonly timeout: { readonly seconds: number; readonly from: TimeoutSource };
  /** Calls that may harm a target that isolates no plugin (ending its process, blocking it) may be made. */
  readonly allowDisruptive: boolean;
}

/** The variable that set it, `default` where neither is set, `assumed` where nothing tells. */
export type TimeoutSource =
  | 'MOZAIKS_PLUGIN_TIMEOUT_SECONDS'
  | 'PLUGIN_EXEC_TIMEOUT_S'
  | 'default'
  | 'assumed';

/**
 * How a runtime must have been started for a clause to be judged on it: `probe`, with the probe plugin, otherwise as it is; the
 * others with the timeout's variables so.
 */
export const VARIANTS = ['probe', 'timeout-set', 'timeout-unset', 'timeout-older-name'] as const;
export type Variant = (typeof VARIANTS)[number];

/** Why a clause's requests can't be made against a target. */
export interface Skip {
  readonly skip: string;
  readonly code?: SkipCode | undefined;
}

/** Why a clause that needs a caller is skipped. */
export const NO_CALLER = 'no token can be created for this target, which requires one';

/** A runtime to send a clause's requests to. */
export interface VariantTarget {
  readonly origin: URL;
  readonly context: CheckContext;
  /** How it was started, in words, where it is a second runtime; null for the target itself. */
  readonly description: string | null;
}

/** Where clauses find runtimes. */
export interface CheckTarget {
  /** As it runs. */
  readonly self: VariantTarget;
  /** It is the runtime that asks, or one started for these checks. */
  readonly own: boolean;
  /** A runtime in the wanted variant, the same one for every clause that asks; or why there is none. */
  findVariant(variant: Variant): Promise<VariantTarget | Skip>;
  /** Ends what was started for the checks. */
  close(): Promise<void>;
}
