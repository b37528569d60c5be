import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import './theme.css';
import { App } from './app.tsx';
import { startRecent } from './components/frame/palette-store.ts';
import { Boundary } from './components/layout/boundary.tsx';
import { mount } from './mount.tsx';
import { fetchScreensWhenIdle } from './screen-view.tsx';
import { startAppearance } from './state/app/appearance.ts';
import { startRuntime } from './state/app/runtime.ts';
import { startRouting } from './state/app/ui.ts';
import { startWindowCommands } from './state/app/window-commands.ts';
import { startContract } from './state/contract/contract.ts';
import { startReloadNews } from './state/plugins/reload-news.ts';
import { startTraces } from './state/traces/traces.ts';

startRouting();
startRecent();
startRuntime();
startReloadNews();
startTraces();
startContract();
startAppearance();
startWindowCommands();

mount(
  <Boundary>
    <App />
  </Boundary>,
);
fetchScreensWhenIdle();
