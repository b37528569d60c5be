import type { SkipCode } from '../../contract/conformance.ts';

/** Tokens to call a target with, and those that it must refuse, from `tampered` on. */
export type TokenKind =
  | 'user'
  | 'superadmin'
  /** Neither a name nor an email in it. */
  | 'nameless'
  /** Its roles are an object. */
  | 'odd-roles'
  /** Its roles are a list, of more than strings. */
  | 'odd-role-entries'
  /** Its signature doesn't match its content. */
  | 'tampered'
  | 'alg-none'
  | 'expired'
  | 'no-expiry'
  | 'no-subject'
  | 'wrong-audience';

/** The user in the `user` token, as a runtime with these settings reads it (CONTRACT.md §3). */
export interface Caller {
  readonly userId: string;
  readonly username: string;
  readonly roles: readonly string[];
}

/** What a run knows about its target; a clause that needs something missing is skipped, never passed. */
export interface CheckContext {
  /** Null where it is unknown. */
  readonly mode: 'local' | 'external' | null;
  /** The target answers API routes without a token. */
  readonly anonymousAllowed: boolean;
  /**
   * The tokens available for this target; without its signing key, those that can be derived from one token.
   */
  readonly tokens: Readonly<Partial<Record<TokenKind, string>>>;
  /** Null without a `user` token. */
  readonly caller: Caller | null;
  /** A plugin that would execute, for requests that are refused before it runs; null if there is none. */
  readonly plugin: string | null;
  /** A plugin that doesn't load; null if none is listed. */
  readonly failing: string | null;
  /** The probe plugin's name if it is loaded, else null. */
  readonly probe: string | null;
  /**
   * The route that executes plugins, with `:plugin_name` for the plugin: the contract's, or the plugin host's
   * where only that one works. Clauses about executions use it, so that another path fails only the clause
   * about the path.
   */
  readonly executeRoute: string;
  /** The largest body that the target accepts, in bytes. */
  readonly maxBodyBytes: number;
  /** An origin whose scripts may call the target. */
  readonly allowedOrigin: string;
  /** The expected timeout of plugins, and how it is known. */
  readonly timeout: { readonly seconds: number; readonly from: TimeoutSource };
  /** Allows calls that may harm a target that doesn't isolate its plugins: they end or block its process. */
  readonly allowDisruptive: boolean;
}

/** The variable that set it, `default` where neither is set, `assumed` where it is unknown. */
export type TimeoutSource =
  | 'MOZAIKS_PLUGIN_TIMEOUT_SECONDS'
  | 'PLUGIN_EXEC_TIMEOUT_S'
  | 'default'
  | 'assumed';

/**
 * How a runtime must have been started for a clause to be checked on it: `probe`, with the probe plugin but
 * otherwise unchanged; the others also with these timeout variables.
 */
export const VARIANTS = ['probe', 'timeout-set', 'timeout-unset', 'timeout-older-name'] as const;
export type Variant = (typeof VARIANTS)[number];

/** Why a clause's requests can't be sent to a target. */
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
  /** Describes how a second runtime was started; null for the target itself. */
  readonly description: string | null;
}

/** Where clauses find runtimes. */
export interface CheckTarget {
  /** As it runs. */
  readonly self: VariantTarget;
  /** Whether it is the runtime that runs the checks, or one started for them. */
  readonly own: boolean;
  /** A runtime of this variant, the same one for every clause; or the reason why there is none. */
  findVariant(variant: Variant): Promise<VariantTarget | Skip>;
  /** Stops what was started for the checks. */
  close(): Promise<void>;
}
