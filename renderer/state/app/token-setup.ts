import { createStore } from 'zustand/vanilla';
import type { TokenSetup } from '../../../main/contract/token.ts';
import { currentStores } from '../../current-stores.ts';
import { LOADING, type Loadable, ready, settle, toFailure } from './loadable.ts';

/** How the runtime judges tokens and what it can sign: the frame of the Tokens screen. */
export interface TokenSetupState {
  readonly setup: Loadable<TokenSetup>;
  readonly rotating: boolean;
}

export const tokenSetupStore = createStore<TokenSetupState>()(() => ({ setup: LOADING, rotating: false }));

/** Fetches it; a failure shows only where there is no older answer. */
export async function refreshTokenSetup(): Promise<void> {
  const setup = await settle(currentStores().inspector.call('tokenSetup', null));
  if (setup.state === 'failed' && tokenSetupStore.getState().setup.state === 'ready') return;
  tokenSetupStore.setState({ setup });
}

/** Gives the development issuer a new key; says so where nothing on the screen shows it. */
export async function rotateIssuerKey({ announced = false } = {}): Promise<void> {
  if (tokenSetupStore.getState().rotating) return;
  tokenSetupStore.setState({ rotating: true });
  try {
    const setup = await currentStores().inspector.call('rotateIssuerKey', null);
    tokenSetupStore.setState({ setup: ready(setup) });
    if (announced) {
      currentStores().announcements.announce({
        tone: 'good',
        title: `The development issuer signs with ${setup.devIssuer?.kid ?? 'a new key'}`,
        text: 'Tokens of the old key are refused once the runtime has fetched the keys again.',
      });
    }
    await currentStores().personas.refresh();
  } catch (error) {
    currentStores().announcements.announce({
      tone: 'bad',
      title: 'The key was not rotated',
      text: toFailure(error).message,
    });
  } finally {
    tokenSetupStore.setState({ rotating: false });
  }
}

/**
 * Switches to external mode with the development issuer, for this run, or back. Throws what the runtime
 * refuses with.
 */
export async function setDevIssuer(on: boolean): Promise<void> {
  const setup = await currentStores().inspector.call('useDevIssuer', { on });
  tokenSetupStore.setState({ setup: ready(setup) });
}
