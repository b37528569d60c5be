import { createStore } from 'zustand/vanilla';
import type { RefusalsView, Setting } from '../../../main/contract/snapshot.ts';
import type { Inspector } from '../../bridge.ts';
import { LOADING, type Loadable, settle } from './loadable.ts';

export interface SettingsState {
  readonly settings: Loadable<readonly Setting[]>;
  readonly refusals: Loadable<RefusalsView>;
}

export type SettingsStore = ReturnType<typeof createSettingsStore>;

interface SettingsDeps {
  readonly inspector: Inspector;
}

export function createSettingsStore({ inspector }: SettingsDeps) {
  const store = createStore<SettingsState>()(() => ({ settings: LOADING, refusals: LOADING }));

  async function refresh(): Promise<void> {
    const settings = await settle(inspector.call('settings', null));
    store.setState({ settings });
  }

  async function refreshRefusals(): Promise<void> {
    const refusals = await settle(inspector.call('refusals', null));
    store.setState({ refusals });
  }
  return {
    store,
    refresh,
    refreshRefusals,
  };
}
