import { useStore } from 'zustand';
import type { PluginView } from '../../../../main/contract/plugin-view.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { readyValue } from '../../../state/app/loadable.ts';
import { type RunInput, toRunInput } from '../../../state/run/form-store.ts';

const NO_PLUGINS: readonly PluginView[] = [];

/** The form's current input, and the plugins to choose from. */
export function useRunInput(): { readonly input: RunInput; readonly plugins: readonly PluginView[] } {
  const { runtime, ui, runForm } = useStores();
  const plugins = useStore(runtime.store, (state) => readyValue(state.snapshot)?.plugins ?? NO_PLUGINS);
  const uiState = useStore(ui.store);
  const choices = useStore(runForm.store, (state) => state.choices);
  return { input: toRunInput(uiState, choices, plugins[0]?.name), plugins };
}
