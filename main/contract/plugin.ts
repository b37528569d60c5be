/**
 * The author's API: what a Mozaiks plugin in TypeScript or JavaScript is given and gives back.
 * `import type { Execute } from '…/main/contract/plugin'`; nothing here exists at run time.
 */

declare global {
  /**
   * Named here so that this file needs neither Node's nor the browser's types; merges with whichever is
   * there.
   */
  interface AbortSignal {
    readonly aborted: boolean;
  }
}

/**
 * Who calls and for which app. May grow keys in later versions (`runtime_user_id`): never rely on its being
 * closed.
 */
export interface PluginContext {
  readonly app_id: string;
  readonly user_id: string;
  /** A claim of the token, else the name in the email, else the user id: never empty. */
  readonly username: string;
  readonly roles: readonly string[];
  readonly is_superadmin: boolean;
  readonly [laterKey: string]: unknown;
}

/** One limit: what a cap has no use for is left out. */
export interface PluginLimit {
  readonly allowed: number;
  readonly used?: number;
  readonly remaining?: number;
}

/** What the caller's plan allows; empty where the app has no monetization: then nothing is restricted. */
export interface PluginEntitlements {
  readonly tier?: string;
  /** A feature that is not listed is available. */
  readonly features?: Readonly<Record<string, boolean>>;
  readonly limits?: Readonly<Record<string, PluginLimit>>;
  /** False while the plugin's entitlements.yaml is invalid. */
  readonly enforce?: boolean;
}

/**
 * The client's JSON object, then the runtime's keys, which a client can never set, add to or keep
 * (CONTRACT.md §4).
 */
export interface PluginInput {
  readonly app_id: string;
  readonly user_id: string;
  /** The caller's bearer token as it was sent; absent when none was sent. */
  readonly user_jwt?: string;
  readonly _entitlements: PluginEntitlements;
  readonly _context: PluginContext;
  readonly [clientKey: string]: unknown;
}

/** A JSON object. With a key `error` it is answered as a 500 whose `detail` is that error. */
export type PluginOutput = Record<string, unknown>;

export interface CallTools {
  /** Aborts when the client goes away or the deadline passes. */
  readonly signal: AbortSignal;
  /** When the runtime will end this call, in milliseconds since the Unix epoch. */
  readonly deadline: number;
  /** Writes a line to this call's trace, like `console.log` inside the call. */
  readonly log: (...values: unknown[]) => void;
}

/**
 * `export const execute: Execute = async (data) => ({ … })`. The second argument is an addition of this
 * runtime.
 */
export type Execute = (data: PluginInput, tools: CallTools) => PluginOutput | Promise<PluginOutput>;
