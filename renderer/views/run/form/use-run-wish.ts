import { useStore } from 'zustand';
import type { PluginView } from '../../../../main/contract/plugin-view.ts';
import { readyValue } from '../../../state/app/loadable.ts';
import { runtimeStore } from '../../../state/app/runtime.ts';
import { uiStore } from '../../../state/app/ui.ts';
import type { RunInput } from '../result/run-store.ts';
import { EMPTY_BODY } from './run-body.ts';
import { ownValue, runChoices } from './run-choices.ts';

const NO_PLUGINS: readonly PluginView[] = [];

/** The form's current input: the remembered plugin, or the first one; `plugin` is '' when there is none. */
export function useRunWish(): { readonly wish: RunInput; readonly plugins: readonly PluginView[] } {
  const plugins = useStore(runtimeStore, (state) => readyValue(state.snapshot)?.plugins ?? NO_PLUGINS);
  const { runPlugin, persona, runBodies } = useStore(uiStore, ({ choices }) => choices);
  const token = useStore(uiStore, ({ customToken }) => customToken);
  const plugin = runPlugin ?? plugins[0]?.name ?? '';
  const body = ownValue(runBodies, plugin) ?? EMPTY_BODY;
  const route = useStore(runChoices, ({ routes }) => ownValue(routes, plugin) ?? 'execute');
  return { wish: { plugin, persona, body, route, token }, plugins };
}
