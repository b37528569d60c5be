import { createStore } from 'zustand/vanilla';
import type { TokenSetup } from '../../../main/contract/token.ts';
import type { Inspector } from '../../bridge.ts';
import type { Announcements } from './announcements.ts';
import { LOADING, type Loadable, ready, settle, toFailure } from './loadable.ts';
import type { PersonaStore } from './personas.ts';

/** How the runtime verifies tokens and what it can sign. */
export interface TokenSetupState {
  readonly setup: Loadable<TokenSetup>;
  readonly rotating: boolean;
}

export type TokenSetupStore = ReturnType<typeof createTokenSetupStore>;

interface SetupDeps {
  readonly inspector: Inspector;
  readonly announcements: Announcements;
  readonly personas: PersonaStore;
}

export function createTokenSetupStore({ inspector, announcements, personas }: SetupDeps) {
  const store = createStore<TokenSetupState>()(() => ({ setup: LOADING, rotating: false }));

  /** Fetches it; a failure shows only where there is no older answer. Never rejects. */
  async function refresh(): Promise<void> {
    const setup = await settle(inspector.call('tokenSetup', null));
    if (setup.state === 'failed' && store.getState().setup.state === 'ready') return;
    store.setState({ setup });
  }

  /** Fetches it again whenever the runtime's state changes; returns `unsubscribe`. */
  function follow(): () => void {
    return inspector.on('snapshot', refresh);
  }

  /**
   * Gives the development issuer a new key. Never rejects.
   * @param announced whether to announce it, where nothing on the screen shows it
   */
  async function rotateKey({ announced = false } = {}): Promise<void> {
    if (store.getState().rotating) return;
    store.setState({ rotating: true });
    try {
      const setup = await inspector.call('rotateIssuerKey', null);
      store.setState({ setup: ready(setup) });
      if (announced) {
        announcements.announce({
          tone: 'good',
          title: `The development issuer signs with ${setup.devIssuer?.kid ?? 'a new key'}`,
          text: 'Tokens of the old key are refused once the runtime has fetched the keys again.',
        });
      }
      await personas.refresh();
    } catch (error) {
      announcements.announce({
        tone: 'bad',
        title: 'Could not rotate the key',
        text: toFailure(error).message,
      });
    } finally {
      store.setState({ rotating: false });
    }
  }

  /**
   * Switches to external mode with the development issuer, for this run, or back.
   * @throws {WorkbenchError} what the runtime refuses with
   */
  async function switchDevIssuer(on: boolean): Promise<void> {
    store.setState({ setup: ready(await inspector.call('useDevIssuer', { on })) });
  }

  return {
    store,
    refresh,
    follow,
    rotateKey,
    switchDevIssuer,
  };
}
