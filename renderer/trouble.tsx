import '@mantine/core/styles.layer.css';
import './theme.css';
import { MantineProvider } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createThemeManager } from './state/appearance.ts';
import { cssVariables, theme } from './theme.ts';
import { startTrouble } from './views/trouble/trouble-store.ts';
import { TroubleWindow } from './views/trouble/trouble-window.tsx';

/** The page of the small window that says why the workbench can't start. It has no Inspector behind it. */

startTrouble();

const themeManager = createThemeManager();
const root = document.getElementById('root');
if (!root) throw new Error('trouble.html has no element #root');
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      colorSchemeManager={themeManager}
    >
      <TroubleWindow />
    </MantineProvider>
  </StrictMode>,
);
