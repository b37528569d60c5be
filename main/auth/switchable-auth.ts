import { devIssuerUrl } from '../config/settings/dev-issuer.ts';
import type { AuthConfig, AuthTrial } from '../config/types.ts';
import { WorkbenchError } from '../contract/errors.ts';
import type { Setting } from '../contract/snapshot.ts';
import type { AppSetting } from './authentication.ts';
import { type Authenticator, createAuthenticator } from './authenticator.ts';
import { createDevIssuer, type DevIssuer } from './dev-issuer.ts';
import { createMint, type Mint } from './mint.ts';

/**
 * How callers are identified: as the settings say, or in external mode with the development issuer, chosen while running and
 * for this run alone. Each way has its own verifier, keys and mint, made anew when it is taken, so that nothing one way
 * learned or held can serve the other.
 */
export interface SwitchableAuth {
  /** Those of the way that applies now; they may be kept, and follow. */
  readonly authenticator: Authenticator;
  readonly mint: Mint;
  current(): AuthStrategy;
  /** Opens the way that the settings name. */
  start(): Promise<void>;
  /** Takes the development issuer, or goes back to the settings. Requests under way end as they began. */
  useDevIssuer(on: boolean): Promise<void>;
  stop(): Promise<void>;
}

/** One way of identifying callers. */
export interface AuthStrategy {
  readonly auth: AuthConfig;
  /** Every effective setting with it. */
  readonly settings: readonly Setting[];
  readonly devIssuer: DevIssuer | null;
  /** Chosen while running, not by the settings. */
  readonly isTrial: boolean;
}

/** What serves an issuer's documents. */
export interface IssuerService {
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface AuthSwitchOptions {
  readonly configured: { readonly auth: AuthConfig; readonly settings: readonly Setting[] };
  readonly trial: AuthTrial;
  readonly app: AppSetting;
  /** Where the development issuer keeps its key. */
  readonly keyPath: string;
  readonly serve: (issuer: DevIssuer, port: number) => IssuerService;
}

interface OpenWay extends AuthStrategy {
  readonly authenticator: Authenticator;
  readonly mint: Mint;
  readonly service: IssuerService | null;
}

export function createAuthSwitch(options: AuthSwitchOptions): SwitchableAuth {
  const { configured, trial } = options;
  let way = createStrategy(configured, false, options);
  let changing: Promise<void> = Promise.resolve();

  const change = async (on: boolean): Promise<void> => {
    if (on === way.isTrial || (on && way.devIssuer !== null)) return;
    if (on && 'problem' in trial) throw new WorkbenchError('CONFLICT', trial.problem);
    const next =
      on && 'auth' in trial
        ? createStrategy(trial, true, options)
        : createStrategy(configured, false, options);
    // It listens before anything is judged by it. Two issuers never meet: where the settings have one, there is no trial.
    await next.service?.start();
    const before = way;
    way = next;
    await before.service?.stop();
  };
  return {
    authenticator: {
      authenticate: (authorization) => way.authenticator.authenticate(authorization),
      demand: () => way.authenticator.demand(),
      inspectToken: (token) => way.authenticator.inspectToken(token),
      previewClaims: (claims) => way.authenticator.previewClaims(claims),
      keys: () => way.authenticator.keys(),
      notices: () => way.authenticator.notices(),
    },
    mint: {
      get signs() {
        return way.mint.signs;
      },
      personas: () => way.mint.personas(),
      personaToken: (persona, custom) => way.mint.personaToken(persona, custom),
      mint: (claims) => way.mint.mint(claims),
    },
    current: () => way,
    start: async () => way.service?.start(),
    useDevIssuer(on) {
      const turn = changing.then(() => change(on));
      // A refusal is its caller's; the next one begins anew.
      changing = turn.catch(() => undefined);
      return turn;
    },
    stop: async () => {
      await changing;
      await way.service?.stop();
    },
  };
}

function createStrategy(
  { auth, settings }: AuthSwitchOptions['configured'],
  isTrial: boolean,
  { app, keyPath, serve }: AuthSwitchOptions,
): OpenWay {
  const own = auth.mode === 'external' ? auth.devIssuer : null;
  const devIssuer = own === null ? null : createDevIssuer(devIssuerUrl(own), keyPath);
  return {
    ...{ auth, settings, isTrial, devIssuer },
    authenticator: createAuthenticator(auth, app),
    mint: createMint(auth, devIssuer),
    service: own === null || devIssuer === null ? null : serve(devIssuer, own.port),
  };
}
