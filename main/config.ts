import type { Setting } from './contract/inspector.ts';

/**
 * The runtime's configuration: read once at start, checked whole, frozen. This file holds the only reader of `process.env`.
 * Variables, defaults and precedence: contract §5.
 */

export type HmacAlgorithm = 'HS256' | 'HS384' | 'HS512';

/** Names of the claims that become an identity; unset ones fall back as contract §3 says. Dotted paths work. */
export interface ClaimNames {
  readonly userId?: string;
  readonly username?: string;
  readonly email?: string;
  readonly roles?: string;
  readonly superadmin?: string;
  /** The role that makes a superadmin, any letter case. */
  readonly superadminRole: string;
}

/** The two modes share no key path: a secret never verifies an external token, a public key never a local one. */
export type AuthConfig = LocalAuthConfig | ExternalAuthConfig;

export interface LocalAuthConfig {
  readonly mode: 'local';
  readonly secret: string;
  readonly algorithm: HmacAlgorithm;
  readonly requireToken: boolean;
  readonly claims: ClaimNames;
}

export interface ExternalAuthConfig {
  readonly mode: 'external';
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: readonly string[];
  readonly claims: ClaimNames;
}

export interface Config {
  readonly appId: string;
  readonly appTier: string;
  readonly appName: string;
  /** An address or a host name, without brackets. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** The port was chosen by someone: when it is taken that is an error, never a reason to move. */
  readonly portExplicit: boolean;
  /** Host headers accepted besides the loopback ones, in lower case, as `name` or `name:port`. */
  readonly allowedHosts: readonly string[];
  /** Absolute. */
  readonly pluginsPath: string;
  readonly timeoutMs: number;
  /** Calls at once per plugin. */
  readonly maxConcurrency: number;
  readonly maxBodyBytes: number;
  /** Exact origins, as a browser sends them. */
  readonly corsOrigins: readonly string[];
  readonly auth: AuthConfig;
  /** Plugin processes alive at once. */
  readonly maxLiveHosts: number;
  /** Memory of one plugin process, in MiB. */
  readonly pluginMemoryMb: number;
  /** Every effective setting, secrets masked. */
  readonly settings: readonly Setting[];
  /** Things the user should know, in words: deprecated variables, settings without effect. */
  readonly notices: readonly string[];
  /** Exact values the redactor must mask. */
  readonly secrets: readonly string[];
  /** The per-user folder; the generated secret lives there. */
  readonly configPath: string;
}

/** Where a configuration is read from; a value, so that tests need no process of their own. */
export interface ConfigSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Arguments only: neither the executable nor the script. */
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The per-user folder. */
  readonly configPath: string;
}

export interface ConfigProblem {
  /** The variable or option. */
  readonly name: string;
  /** As given, masked when secret; null when it is missing. */
  readonly value: string | null;
  /** What is wrong and what would be right. */
  readonly remedy: string;
}

/** Every variable that makes no sense, in one message. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(
      [
        problems.length === 1 ? 'A setting makes no sense:' : `${problems.length} settings make no sense:`,
        ...problems.map(({ name, value, remedy }) =>
          value === null ? `  ${name} – ${remedy}` : `  ${name}=${value} – ${remedy}`,
        ),
      ].join('\n'),
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}
