import type { AuthConfig } from '../config.ts';
import type { TokenReport } from '../contract/token.ts';
import type { IdentityView, TokenView } from '../contract/trace.ts';
import { ANONYMOUS, ANONYMOUS_PROVENANCE, allowsAnonymous, type IdentityProvenance } from './identity.ts';
import { injectContext } from './inject.ts';
import { decodeToken, readAuthorization } from './token-shape.ts';
import { createVerifier, type Verifier } from './verify.ts';

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
  { now = Date.now }: { readonly now?: () => number } = {},
): Authenticator {
  const verifier = createVerifier(auth, now);
  return {
    authenticate: (authorization) => authenticate(authorization, auth, verifier),
    inspectToken: (token) => inspectToken(token, app, verifier),
    notices: () => verifier.notices(),
  };
}

async function authenticate(
  authorization: readonly string[],
  auth: AuthConfig,
  verifier: Verifier,
): Promise<Authentication> {
  const sent = readAuthorization(authorization);
  if (sent.kind === 'malformed') return { ok: false, detail: sent.detail, token: sent.token, view: null };
  if (sent.kind === 'none') {
    if (!allowsAnonymous(auth)) return { ok: false, detail: 'Not authenticated', token: null, view: null };
    return { ok: true, identity: ANONYMOUS, token: null, view: null, provenance: ANONYMOUS_PROVENANCE };
  }
  return { ...(await verifier.verify(sent.token)), token: sent.token };
}

async function inspectToken(pasted: string, app: AppSetting, verifier: Verifier): Promise<TokenReport> {
  // People paste whole header lines.
  const token = pasted.trim().replace(/^(authorization:\s*)?bearer\s+/i, '');
  const verdict = await verifier.verify(token);
  const { header, claims, steps } = verdict.view;
  const report = { header, claims, decodeError: decodeToken(token).reason, steps };
  if (!verdict.ok) return { ...report, verified: false, identity: null, context: null, provenance: [] };
  const { data, provenance } = injectContext({}, { ...verdict, token }, app);
  // The report goes to a screen: it shows that the token is passed on, not the token.
  const shown = provenance.map((entry) =>
    entry.field === 'user_jwt' ? { ...entry, value: '(the token)' } : entry,
  );
  const { identity } = verdict;
  return { ...report, verified: true, identity, context: data._context ?? null, provenance: shown };
}
