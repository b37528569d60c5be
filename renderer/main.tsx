import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import './theme.css';
import { App } from './app.tsx';
import { openBridge } from './bridge.ts';
import { Boundary } from './components/layout/boundary.tsx';
import { StoresProvider } from './components/use-stores.tsx';
import { mount } from './mount.tsx';
import * as page from './page.ts';
import { fetchScreensWhenIdle } from './screen-view.tsx';
import { createStores, startStores } from './stores.ts';

const stores = createStores({ bridge: openBridge(), page, now: Date.now });
startStores(stores);

mount(
  <StoresProvider stores={stores}>
    <Boundary>
      <App />
    </Boundary>
  </StoresProvider>,
  stores.appearance.createThemeManager(),
);
fetchScreensWhenIdle();
