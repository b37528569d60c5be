import type { Answer, Asked } from './answer.ts';

/** What is sent to a plugin. */
export type Data = Readonly<Record<string, unknown>>;

/** `_context` but for the app. */
export interface Identity {
  readonly user_id: string;
  readonly username: string;
  readonly roles: readonly string[];
  readonly is_superadmin: boolean;
}

/** The caller, as the runtime knows them. */
export interface Call {
  readonly sent: Data;
  readonly identity: Identity;
  /** Null when none was sent. */
  readonly token: string | null;
  readonly appId: string;
}

/** Which faults of a token are refused (CONTRACT.md §3). */
export interface TokenRules {
  readonly signature: boolean;
  readonly unsigned: boolean;
  readonly expired: boolean;
  readonly noExpiry: boolean;
  readonly noSubject: boolean;
  readonly audience: boolean;
  /** No fault by the contract: roles of the wrong type are passed over. */
  readonly oddRoles: boolean;
}

/** Everything about which runtimes differ. {@link COMPLIANT} keeps the contract; a fault changes one of them. */
export interface Rules {
  readonly refuses: TokenRules;
  /** Who a verified token's claims name. */
  identify(identity: Identity): Identity;
  /** What the plugin gets. */
  inject(call: Call): Data;
  /** What a caller without a token is taken to have sent; such a caller is accepted then, in every mode. */
  readonly anonymousJwt: string | undefined;
  /** The paths that execute plugins: the contract's, and the plugin host's with the words it answers in. */
  readonly executePath: boolean;
  readonly hostPath: 'none' | 'host-words' | 'contract-words';
  /** By the plugin host's path the body is looked at before the plugin. */
  readonly hostBodyFirst: boolean;
  readonly hostEmptyBodyIsObject: boolean;
  /** Runs what lies in a folder named `registry`. */
  readonly runsRegistry: boolean;
  /** A plugin that is not there is said to be missing before the token is looked at. */
  readonly plugin404First: boolean;
  readonly emptyBodyIsObject: boolean;
  /** A body whose Content-Type is another one is not read. */
  readonly jsonTypeOnly: boolean;
  readonly limitsBody: boolean;
  /** Names of the timeout's variables in the order they are looked at. */
  readonly timeoutVariables: readonly ('MOZAIKS_PLUGIN_TIMEOUT_SECONDS' | 'PLUGIN_EXEC_TIMEOUT_S')[];
  readonly defaultTimeoutSeconds: number;
  /** What is ended at the timeout: plugins that wait, plugins that block. */
  readonly ends: { readonly sleep: boolean; readonly block: boolean };
  /** A plugin that blocks keeps the whole runtime from answering. */
  readonly blocksAll: boolean;
  /** The connection is cut without an answer when a plugin takes its process down. */
  readonly cutsOnCrash: boolean;
  /** Has the last word on every answer; `healthy` is what the contract asks for. */
  finish(healthy: Answer, asked: Asked): Answer;
}

export const COMPLIANT: Rules = {
  refuses: {
    signature: true,
    unsigned: true,
    expired: true,
    noExpiry: true,
    noSubject: true,
    audience: true,
    oddRoles: false,
  },
  identify: (identity) => identity,
  inject,
  anonymousJwt: undefined,
  executePath: true,
  hostPath: 'host-words',
  hostBodyFirst: true,
  hostEmptyBodyIsObject: true,
  runsRegistry: false,
  plugin404First: false,
  emptyBodyIsObject: false,
  jsonTypeOnly: false,
  limitsBody: true,
  timeoutVariables: ['MOZAIKS_PLUGIN_TIMEOUT_SECONDS', 'PLUGIN_EXEC_TIMEOUT_S'],
  defaultTimeoutSeconds: 30,
  ends: { sleep: true, block: true },
  blocksAll: false,
  cutsOnCrash: false,
  finish: (answer) => answer,
};

const RESERVED = ['app_id', 'user_id', 'user_jwt', '_entitlements', '_context'];

/** The client's object, then the runtime's keys, which it can never set, add to or keep (CONTRACT.md §4). */
function inject({ sent, identity, token, appId }: Call): Data {
  const own = Object.entries(sent).filter(([key]) => !RESERVED.includes(key) && key !== '__proto__');
  return {
    ...Object.fromEntries(own),
    app_id: appId,
    user_id: identity.user_id,
    ...(token === null ? {} : { user_jwt: token }),
    _entitlements: {},
    _context: { app_id: appId, ...identity },
  };
}
