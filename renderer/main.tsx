import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import './theme.css';
import { MantineProvider } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { Boundary } from './components/boundary.tsx';
import { startRecent } from './components/frame/palette-store.ts';
import { fetchScreensWhenIdle } from './screen-view.tsx';
import { createThemeManager, startAppearance } from './state/appearance.ts';
import { startContract } from './state/contract.ts';
import { startReloadNews } from './state/reload-news.ts';
import { startRuntime } from './state/runtime.ts';
import { startTraces } from './state/traces.ts';
import { startRouting } from './state/ui.ts';
import { startWindowCommands } from './state/window-commands.ts';
import { cssVariables, theme } from './theme.ts';

startRouting();
startRecent();
startRuntime();
startReloadNews();
startTraces();
startContract();
startAppearance();
startWindowCommands();

const themeManager = createThemeManager();
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element #root');
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      colorSchemeManager={themeManager}
    >
      <Boundary>
        <App />
      </Boundary>
    </MantineProvider>
  </StrictMode>,
);
fetchScreensWhenIdle();
