import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import './theme.css';
import { App } from './app.tsx';
import { Boundary } from './components/boundary.tsx';
import { startRecent } from './components/frame/palette-store.ts';
import { mount } from './mount.tsx';
import { fetchScreensWhenIdle } from './screen-view.tsx';
import { startAppearance } from './state/appearance.ts';
import { startContract } from './state/contract.ts';
import { startReloadNews } from './state/reload-news.ts';
import { startRuntime } from './state/runtime.ts';
import { startTraces } from './state/traces.ts';
import { startRouting } from './state/ui.ts';
import { startWindowCommands } from './state/window-commands.ts';

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
