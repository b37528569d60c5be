import { type MantineColorSchemeManager, MantineProvider } from '@mantine/core';
import { type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { cssVariables, theme } from './theme.ts';

/** Shows a page in its document, in the chosen theme. */
export function mount(page: ReactNode, themeManager: MantineColorSchemeManager): void {
  const root = document.getElementById('root');
  if (!root) throw new Error('The document has no element #root');
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        defaultColorScheme="auto"
        colorSchemeManager={themeManager}
      >
        {page}
      </MantineProvider>
    </StrictMode>,
  );
}
