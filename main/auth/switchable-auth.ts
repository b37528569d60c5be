import { devIssuerUrl } from '../config/settings/dev-issuer.ts';
import type { AppSetting, AuthConfig, AuthTrial } from '../config/types.ts';
import { WorkbenchError } from '../contract/errors.ts';
import type { Setting } from '../contract/snapshot.ts';
import { type Authenticator, createAuthenticator } from './authenticator.ts';
import { createDevIssuer, type DevIssuer } from './dev-issuer.ts';
import { createMint, type Mint } from './mint.ts';

/**
 * How callers are identified: as the settings say, or in external mode with the development issuer, chosen
 * while running and for this run alone. Each strategy has its own verifier, keys and mint, made when it is
 * chosen, so that nothing one learned or held can serve the other.
 */
export interface SwitchableAuth {
  /** Those of the current strategy; a caller may hold on to them: they follow every change. */
  readonly authenticator: Authenticator;
  readonly mint: Mint;
  current(): AuthStrategy;
  /** Opens the strategy that the settings name. */
  start(): Promise<void>;
  /** Switches to the development issuer, or back to the settings. Running requests end as they began. */
  useDevIssuer(on: boolean): Promise<void>;
  /** Calls back when the provider's keys were fetched, or could not be; returns `unsubscribe`. */
  onKeysFetched(listener: () => void): () => void;
  stop(): Promise<void>;
}

/** How callers are identified. */
interface AuthStrategy {
  readonly auth: AuthConfig;
  /** Every effective setting with it. */
  readonly settings: readonly Setting[];
  readonly devIssuer: DevIssuer | null;
  /** Chosen while running, not by the settings. */
  readonly isTrial: boolean;
}

/** What serves an issuer's documents. */
interface IssuerService {
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface AuthSwitchOptions {
  readonly configured: { readonly auth: AuthConfig; readonly settings: readonly Setting[] };
  readonly trial: AuthTrial;
  readonly app: AppSetting;
  /** Where the development issuer stores its key. */
  readonly keyPath: string;
  readonly serve: (issuer: DevIssuer, port: number) => IssuerService;
}

interface OpenStrategy extends AuthStrategy {
  readonly authenticator: Authenticator;
  readonly mint: Mint;
  readonly service: IssuerService | null;
}

export function createAuthSwitch(options: AuthSwitchOptions): SwitchableAuth {
  const { configured, trial } = options;
  const keyListeners = new Set<() => void>();
  const open = (chosen: AuthSwitchOptions['configured'], isTrial: boolean) =>
    createStrategy(chosen, isTrial, options, () => {
      for (const listener of keyListeners) listener();
    });
  let current = open(configured, false);
  let changing: Promise<void> = Promise.resolve();

  const change = async (on: boolean): Promise<void> => {
    if (on === current.isTrial || (on && current.devIssuer !== null)) return;
    if (on && 'problem' in trial) throw new WorkbenchError('CONFLICT', trial.problem);
    const next = on && 'auth' in trial ? open(trial, true) : open(configured, false);
    // It listens before any token is verified with it. There are never two issuers: no trial where the
    // settings have one.
    await next.service?.start();
    const before = current;
    current = next;
    await before.service?.stop();
  };
  return {
    authenticator: {
      authenticate: (authorization) => current.authenticator.authenticate(authorization),
      demand: () => current.authenticator.demand(),
      inspectToken: (token) => current.authenticator.inspectToken(token),
      previewClaims: (claims) => current.authenticator.previewClaims(claims),
      keys: () => current.authenticator.keys(),
      notices: () => current.authenticator.notices(),
    },
    mint: {
      get signs() {
        return current.mint.signs;
      },
      personas: () => current.mint.personas(),
      personaToken: (persona, custom) => current.mint.personaToken(persona, custom),
      mint: (claims) => current.mint.mint(claims),
    },
    current: () => current,
    start: async () => current.service?.start(),
    useDevIssuer(on) {
      const turn = changing.then(() => change(on));
      // A refusal is its caller's; the next change starts over.
      changing = turn.catch(() => undefined);
      return turn;
    },
    onKeysFetched(listener) {
      keyListeners.add(listener);
      return () => keyListeners.delete(listener);
    },
    stop: async () => {
      await changing;
      await current.service?.stop();
    },
  };
}

function createStrategy(
  { auth, settings }: AuthSwitchOptions['configured'],
  isTrial: boolean,
  { app, keyPath, serve }: AuthSwitchOptions,
  onKeysFetched: () => void,
): OpenStrategy {
  const own = auth.mode === 'external' ? auth.devIssuer : null;
  const devIssuer = own === null ? null : createDevIssuer(devIssuerUrl(own), keyPath);
  return {
    auth,
    settings,
    isTrial,
    devIssuer,
    authenticator: createAuthenticator(auth, app, { onKeysFetched }),
    mint: createMint(auth, devIssuer),
    service: own === null || devIssuer === null ? null : serve(devIssuer, own.port),
  };
}
