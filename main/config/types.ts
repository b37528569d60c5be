import type { ChildSpanMode } from '../contract/child-span.ts';
import type { Setting } from '../contract/snapshot.ts';

/**
 * What the configuration consists of: types alone, so that each of its parts and every layer above can import
 * them.
 */

export type HmacAlgorithm = 'HS256' | 'HS384' | 'HS512';

/**
 * Names of the claims that become an identity; unset ones fall back as CONTRACT.md §3 says. Dotted paths
 * work.
 */
export interface ClaimNames {
  readonly userId?: string | undefined;
  readonly username?: string | undefined;
  readonly email?: string | undefined;
  readonly roles?: string | undefined;
  readonly superadmin?: string | undefined;
  /** The role that makes a superadmin; case-insensitive. */
  readonly superadminRole: string;
  /** A setting named that role; production has no default for it. */
  readonly superadminRoleIsSet?: boolean | undefined;
}

/**
 * The two modes share no key path: a secret never verifies an external token, a public key never a local one.
 */
export type AuthConfig = LocalAuthConfig | ExternalAuthConfig;

/** What both modes have. */
interface TokenRules {
  /** Seconds by which the clocks of signer and runtime may differ. */
  readonly leewaySeconds: number;
  readonly claims: ClaimNames;
}

export interface LocalAuthConfig extends TokenRules {
  readonly mode: 'local';
  readonly secret: string;
  readonly algorithm: HmacAlgorithm;
  readonly requireToken: boolean;
}

export interface ExternalAuthConfig extends TokenRules {
  readonly mode: 'external';
  /**
   * The issuer that this runtime runs itself, for trying external mode offline; null with a real provider.
   */
  readonly devIssuer: DevIssuerConfig | null;
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: readonly string[];
}

/**
 * The same settings with external mode and the development issuer put on top: what can be switched to while
 * running.
 */
export type AuthTrial =
  | { readonly auth: ExternalAuthConfig; readonly settings: readonly Setting[] }
  /** Why it can't be used: a setting that is invalid with it. */
  | { readonly problem: string };

export interface DevIssuerConfig {
  /** On 127.0.0.1; part of the issuer's name, so it never moves by itself. */
  readonly port: number;
}

/** The app that runs, and where its name was set: "MOZAIKS_APP_ID (environment)". */
export interface AppSetting {
  readonly appId: string;
  readonly origin: string;
}

/** Whether plans restrict users, and where that was set: "MONETIZATION (environment)". */
export interface MonetizationSetting {
  readonly isOn: boolean;
  readonly origin: string;
}

export interface Config {
  readonly app: AppSetting;
  readonly appTier: string;
  readonly appName: string;
  /** An address or a host name, without brackets. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** The port was set: when it is taken, that is an error and never a reason to move. */
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
  readonly monetization: MonetizationSetting;
  /** Where the app's own configuration is, as `subscription_config.json`. Absolute. */
  readonly configsPath: string;
  /** What the subscription sync route asks for; null closes it. */
  readonly internalApiKey: string | null;
  /** The preset is on: callers are identified as in production. */
  readonly asProduction: boolean;
  readonly auth: AuthConfig;
  readonly trial: AuthTrial;
  /** Plugin processes alive at once. */
  readonly maxLiveHosts: number;
  /** Memory of one plugin process, in MiB. */
  readonly pluginMemoryMb: number;
  /** Whether the child spans of plugins' calls are recorded, and with what. */
  readonly childSpans: ChildSpanMode;
  /** The interpreter of Python plugins: a command, a path or the folder of a virtual environment. */
  readonly python: string;
  /** What plugins find in their environment beside the allow-list of the process's own. */
  readonly pluginVariables: Readonly<Record<string, string>>;
  /** How changed files are noticed: `auto` compares them regularly where the system sends no events. */
  readonly watch: 'auto' | 'events' | 'polling';
  readonly editor: EditorSettings;
  /** Where executions are sent as OpenTelemetry spans; null sends none. */
  readonly otlp: OtlpSettings | null;
  /** Room for traces on disk, in MiB; 0 retains them in memory only. */
  readonly tracesMaxMb: number;
  /** Every effective setting, secrets masked. */
  readonly settings: readonly Setting[];
  /** What the user should know: deprecated variables, settings without effect. */
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
  /** Variables chosen in a window of this start; they win over all others. */
  readonly chosen?: Readonly<Record<string, string>>;
}

export interface ConfigProblem {
  /** The variable or option. */
  readonly name: string;
  /** As given, masked when secret; null when it is missing. */
  readonly value: string | null;
  /** Where it was set: "environment", "command line" or the `.env` file. */
  readonly place?: string;
  /** What is wrong and what would be right. */
  readonly remedy: string;
}

/** The secret of local mode, made by this program. */
export interface LocalSecret {
  readonly secret: string;
  /** The file it is stored in; null when it lives for this run only. */
  readonly path: string | null;
  readonly notice: string | null;
  readonly problem: ConfigProblem | null;
}

/** A command as it was set, and the name of the variable that set it. */
export interface EditorCommand {
  readonly command: string;
  readonly variable: string;
}

/** An OpenTelemetry collector that takes OTLP as JSON over HTTP. */
export interface OtlpSettings {
  /** Absolute, as requests are sent to it. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of one request. */
  readonly timeoutMs: number;
  readonly serviceName: string;
}

/** Which editor opens a plugin's files, as far as the settings say. */
export interface EditorSettings {
  /** Chosen for this purpose: nothing else is looked for. */
  readonly chosen: EditorCommand | null;
  /** What terminals use; often an editor that needs one. */
  readonly usual: EditorCommand | null;
  /** Folders of commands, as PATH gives them. */
  readonly searchPath: string | undefined;
}
