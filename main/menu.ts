import { app, type BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron';

/** The screens in the order of the rail; the shortcuts count them. */
const SCREENS = ['overview', 'plugins', 'run', 'traces', 'contract', 'tokens', 'settings'] as const;

/** The native menu: editing, view, and every screen by its shortcut. `home` is the UI's address without a hash. */
export function setMenu(window: BrowserWindow, home: string): void {
  const go: MenuItemConstructorOptions[] = SCREENS.map((screen, index) => ({
    label: `${screen[0]?.toUpperCase()}${screen.slice(1)}`,
    accelerator: `CmdOrCtrl+${index + 1}`,
    click: () => window.loadURL(`${home}#/${screen}`),
  }));
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(process.platform === 'darwin' ? [{ role: 'appMenu' as const }] : []),
      { role: 'fileMenu' },
      { role: 'editMenu' },
      { label: 'Go', submenu: go },
      {
        label: 'View',
        submenu: [
          { role: 'reload' },
          { role: 'toggleDevTools' },
          { type: 'separator' },
          { role: 'resetZoom' },
          { role: 'zoomIn' },
          { role: 'zoomOut' },
          { type: 'separator' },
          { role: 'togglefullscreen' },
        ],
      },
      { role: 'windowMenu' },
    ]),
  );
  app.setAboutPanelOptions({ applicationName: 'Mozaiks Workbench', applicationVersion: app.getVersion() });
}
