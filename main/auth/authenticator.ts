import type { AppSetting, AuthConfig } from '../config/types.ts';
import { type JsonObject, tokenFromPasted } from '../contract/http.ts';
import type { KeysView, TokenReport } from '../contract/token.ts';
import type { Authentication } from './authentication.ts';
import { ANONYMOUS, ANONYMOUS_PROVENANCE, allowsAnonymous } from './identity.ts';
import { type InjectedEntitlements, injectContext } from './inject.ts';
import { createPreview } from './preview.ts';
import type { TokenVerdict } from './steps.ts';
import { decodeToken, readAuthorization } from './token-shape.ts';
import { createVerifier, type Verifier } from './verify.ts';

/** What a caller must send at present. */
export interface TokenDemand {
  readonly mode: AuthConfig['mode'];
  /** False: without a token the caller is the development identity. */
  readonly isMandatory: boolean;
  /** Of the signature. */
  readonly algorithms: readonly string[];
}

export interface Authenticator {
  /** Verifies the raw Authorization header values, in order of arrival. Never rejects. */
  authenticate(authorization: readonly string[]): Promise<Authentication>;
  demand(): TokenDemand;
  /** Decodes and verifies a token for the developer's own eyes. Never rejects. */
  inspectToken(token: string): Promise<TokenReport>;
  /** What these claims would lead to in a correctly signed token. */
  previewClaims(claims: JsonObject): Promise<TokenReport>;
  /** The provider's current keys; null in local mode. */
  keys(): KeysView | null;
  /** Things the user should know now, e.g. keys that couldn't be refreshed. */
  notices(): readonly string[];
}

interface AuthenticatorOptions {
  /** Milliseconds since the Unix epoch. */
  readonly now?: () => number;
  /** Called when the provider's keys were fetched, or could not be. */
  readonly onKeysFetched?: () => void;
}

/** Makes the authenticator for one mode. */
export function createAuthenticator(
  auth: AuthConfig,
  app: AppSetting,
  { now = Date.now, onKeysFetched }: AuthenticatorOptions = {},
): Authenticator {
  const verifier = createVerifier(auth, now, onKeysFetched);
  const preview = createPreview(auth, now);
  return {
    authenticate: (authorization) => authenticate(authorization, auth, verifier),
    demand: () => demandOf(auth),
    inspectToken: (token) => inspectToken(token, app, verifier),
    previewClaims: async (claims) => report(await preview(claims), null, app),
    keys: () => verifier.keys(),
    notices: () => verifier.notices(),
  };
}

function demandOf(auth: AuthConfig): TokenDemand {
  const algorithms = auth.mode === 'local' ? [auth.algorithm] : auth.algorithms;
  return { mode: auth.mode, isMandatory: !allowsAnonymous(auth), algorithms };
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
    return {
      ok: true,
      identity: ANONYMOUS,
      token: null,
      view: null,
      provenance: ANONYMOUS_PROVENANCE,
      differences: ['no-token'],
    };
  }
  return { ...(await verifier.verify(sent.token)), token: sent.token };
}

async function inspectToken(pasted: string, app: AppSetting, verifier: Verifier): Promise<TokenReport> {
  // People paste whole header lines.
  const token = tokenFromPasted(pasted);
  return report(await verifier.verify(token), decodeToken(token).reason, app);
}

/** A token alone says nothing about them. */
const NO_ENTITLEMENTS: InjectedEntitlements = { value: {}, provenance: [] };

/** For the screen: it shows that a token is passed on, never the token itself. */
function report(verdict: TokenVerdict, decodeError: string | null, app: AppSetting): TokenReport {
  const { header, claims, steps } = verdict.view;
  const read = { header, claims, decodeError, steps };
  if (!verdict.ok) {
    const nobody = { verified: false, identity: null, context: null, provenance: [] };
    return { ...read, ...nobody, refusal: verdict.detail };
  }
  const { identity } = verdict;
  const { data, provenance } = injectContext(
    { value: {}, text: '{}' },
    { ...verdict, token: '(the token)' },
    app,
    NO_ENTITLEMENTS,
  );
  const context = data._context ?? null;
  return { ...read, verified: true, refusal: null, identity, context, provenance };
}
