import type { AuthConfig } from '../config.ts';
import type { TokenReport } from '../contract/inspector.ts';
import type { IdentityView, TokenView } from '../contract/trace.ts';
import type { IdentityProvenance } from './identity.ts';

/** Who a request is taken for, or why it is refused. */
export type Authentication =
  | {
      readonly ok: true;
      readonly identity: IdentityView;
      /** As sent; null when none was. */
      readonly token: string | null;
      readonly view: TokenView | null;
      readonly provenance: IdentityProvenance;
    }
  | {
      readonly ok: false;
      /** For the 401's body. */
      readonly detail: string;
      /** As sent, for masking. */
      readonly token: string | null;
      readonly view: TokenView | null;
    };

export interface Authenticator {
  /** Judges the raw Authorization header values, in order of arrival. Never rejects. */
  authenticate(authorization: readonly string[]): Promise<Authentication>;
  /** Decodes and verifies a token for the developer's own eyes. Never rejects. */
  inspectToken(token: string): Promise<TokenReport>;
  /** Things the user should know now, e.g. keys that couldn't be refreshed. */
  notices(): readonly string[];
}

/** The app that runs, and where its name was set: "MOZAIKS_APP_ID (environment)". */
export interface AppSetting {
  readonly appId: string;
  readonly origin: string;
}

/** Makes the authenticator for one mode. `now` is in milliseconds since the Unix epoch. */
export function createAuthenticator(
  auth: AuthConfig,
  app: AppSetting,
  deps: { readonly now?: () => number } = {},
): Authenticator {
  throw new Error(`createAuthenticator(${auth.mode}, ${app.appId}, ${typeof deps.now}) is being built`);
}
