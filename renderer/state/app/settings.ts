import { createStore } from 'zustand/vanilla';
import type { Setting } from '../../../main/contract/snapshot.ts';
import { call } from '../../bridge.ts';
import { LOADING, type Loadable, settle } from './loadable.ts';

export interface SettingsState {
  readonly settings: Loadable<readonly Setting[]>;
}

export const settingsStore = createStore<SettingsState>()(() => ({ settings: LOADING }));

export async function refreshSettings(): Promise<void> {
  const settings = await settle(call('settings', null));
  settingsStore.setState({ settings });
}
