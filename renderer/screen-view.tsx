import { type ComponentType, lazy, Suspense } from 'react';
import { SCREENS, type Screen } from '../main/contract/window.ts';
import { SCREEN_LOOK } from './components/frame/screens.ts';
import { Page } from './components/layout/page.tsx';
import { LoadingRows } from './components/status/states.tsx';
import { OverviewScreen } from './views/overview/overview-screen.tsx';

/** The Overview comes with the page, every other screen in a chunk of its own. */
const LOADERS: Readonly<Record<Screen, () => Promise<ComponentType>>> = {
  overview: async () => OverviewScreen,
  plugins: async () => (await import('./views/plugins/plugins-screen.tsx')).PluginsScreen,
  run: async () => (await import('./views/run/run-screen.tsx')).RunScreen,
  traces: async () => (await import('./views/traces/traces-screen.tsx')).TracesScreen,
  data: async () => (await import('./views/data/data-screen.tsx')).DataScreen,
  messages: async () => (await import('./views/messages/messages-screen.tsx')).MessagesScreen,
  contract: async () => (await import('./views/contract/contract-screen.tsx')).ContractScreen,
  tokens: async () => (await import('./views/tokens/tokens-screen.tsx')).TokensScreen,
  settings: async () => (await import('./views/settings/settings-screen.tsx')).SettingsScreen,
};

const loaded = new Map<Screen, ComponentType>([['overview', OverviewScreen]]);
const awaited = new Map<Screen, ComponentType>();

/** One screen; a skeleton is shown while its chunk is fetched. */
export function ScreenView({ screen }: { readonly screen: Screen }) {
  const View = viewOf(screen);
  const skeleton = (
    <Page title={SCREEN_LOOK[screen].title} layout="flush">
      <LoadingRows />
    </Page>
  );
  return (
    <Suspense fallback={skeleton}>
      <View />
    </Suspense>
  );
}

function viewOf(screen: Screen): ComponentType {
  const view = loaded.get(screen) ?? awaited.get(screen) ?? lazy(() => load(screen));
  if (!loaded.has(screen)) awaited.set(screen, view);
  return view;
}

async function load(screen: Screen): Promise<{ default: ComponentType }> {
  try {
    const view = await LOADERS[screen]();
    loaded.set(screen, view);
    return { default: view };
  } finally {
    // A failed one is fetched again at the next try.
    awaited.delete(screen);
  }
}

/** Fetches the other screens once the first one is painted, so that no later step waits for a chunk. */
export function fetchScreensWhenIdle(): void {
  requestIdleCallback(() => {
    for (const screen of SCREENS) {
      if (!loaded.has(screen))
        load(screen).catch((error) => console.warn(`${screen} not fetched yet`, error));
    }
  });
}
