import { app, type BrowserWindow, Menu, type MenuItemConstructorOptions, nativeTheme, shell } from 'electron';
import type { FolderMemory } from '../config/recent-folders.ts';
import type { RecentFolder } from '../contract/folder.ts';
import {
  COMMAND_IDS,
  SCREENS,
  type Screen,
  screenCommandId,
  THEME_LABELS,
  THEMES,
  themeCommandId,
  type UiCommand,
} from '../contract/window.ts';
import type { Log } from '../system/log.ts';
import type { WindowStore } from './window-store.ts';

export interface MenuDeps {
  readonly window: BrowserWindow;
  readonly windowStore: WindowStore;
  readonly folders: FolderMemory;
  readonly send: (command: UiCommand) => void;
  readonly baseUrl: () => string;
  /** The README; opened by the system. */
  readonly documentation: string;
  readonly log: Log;
}

/** The native menu, rebuilt when what it shows (recent folders, theme) changes. Resolves when it is there. */
export async function keepMenu(deps: MenuDeps): Promise<void> {
  const rebuild = async () => {
    const { recent } = await deps.folders.view();
    Menu.setApplicationMenu(Menu.buildFromTemplate(template(deps, recent)));
  };
  const again = () => {
    rebuild().catch((error: unknown) => deps.log.error('Could not rebuild the menu', error));
  };
  app.setAboutPanelOptions({
    applicationName: 'Mozaiks Workbench',
    applicationVersion: app.getVersion(),
    website: '',
  });
  const unsubscribe = deps.folders.onChange(again);
  deps.windowStore.onAppearance(again);
  nativeTheme.on('updated', again);
  deps.window.once('closed', () => {
    unsubscribe();
    nativeTheme.off('updated', again);
  });
  await rebuild();
}

/** Asks the page to run the command of this id. */
type Run = (id: string, screen?: Screen) => void;

function template(deps: MenuDeps, recent: readonly RecentFolder[]): MenuItemConstructorOptions[] {
  const run: Run = (id, screen) => deps.send({ name: 'do', id, screen });
  return [
    ...(process.platform === 'darwin' ? [{ role: 'appMenu' as const }] : []),
    fileMenu(deps, recent, run),
    { role: 'editMenu' },
    viewMenu(deps, run),
    goMenu(run),
    runMenu(run),
    ...(process.platform === 'darwin' ? [{ role: 'windowMenu' as const }] : []),
    helpMenu(deps, run),
  ];
}

function fileMenu({ send, folders, log }: MenuDeps, recent: readonly RecentFolder[], run: Run) {
  const clear = () => {
    folders.forget(null).catch((error: unknown) => log.error('Could not clear recent folders', error));
  };
  const opened: MenuItemConstructorOptions[] = recent.map(({ path, state }) => ({
    // A single & would mark the next letter as the item's key.
    label: (state === 'missing' ? `${path} (missing)` : path).replaceAll('&', '&&'),
    enabled: state === 'there',
    click: () => send({ name: 'watch-folder', path }),
  }));
  const none: MenuItemConstructorOptions = { label: 'No other folder yet', enabled: false };
  const quit: MenuItemConstructorOptions =
    process.platform === 'darwin' ? { role: 'close' } : { role: 'quit', accelerator: 'CmdOrCtrl+Q' };
  return {
    label: 'File',
    submenu: [
      { label: 'New plugin…', accelerator: 'CmdOrCtrl+N', click: () => run(COMMAND_IDS.newPlugin) },
      { type: 'separator' },
      { label: 'Open folder…', accelerator: 'CmdOrCtrl+O', click: () => run(COMMAND_IDS.chooseFolder) },
      {
        label: 'Open recent',
        submenu: [
          ...(opened.length === 0 ? [none] : opened),
          { type: 'separator' },
          { label: 'Clear recent folders', enabled: opened.length > 0, click: clear },
        ],
      },
      { type: 'separator' },
      quit,
    ],
  } satisfies MenuItemConstructorOptions;
}

function viewMenu({ windowStore }: MenuDeps, run: Run): MenuItemConstructorOptions {
  const appearance: MenuItemConstructorOptions[] = THEMES.map((theme) => ({
    label: THEME_LABELS[theme],
    type: 'radio',
    checked: windowStore.state.theme === theme,
    click: () => run(themeCommandId(theme)),
  }));
  return {
    label: 'View',
    submenu: [
      { label: 'Command palette…', accelerator: 'CmdOrCtrl+K', click: () => run(COMMAND_IDS.palette) },
      { type: 'separator' },
      { label: 'Appearance', submenu: appearance },
      { label: 'Zoom in', accelerator: 'CmdOrCtrl+Plus', click: () => void windowStore.zoom('in') },
      // The same key without Shift, and the one of the number pad.
      ...['CmdOrCtrl+=', 'CmdOrCtrl+numadd'].map((key) =>
        hidden('Zoom in', key, () => windowStore.zoom('in')),
      ),
      { label: 'Zoom out', accelerator: 'CmdOrCtrl+-', click: () => void windowStore.zoom('out') },
      hidden('Zoom out', 'CmdOrCtrl+numsub', () => windowStore.zoom('out')),
      { label: 'Actual size', accelerator: 'CmdOrCtrl+0', click: () => void windowStore.zoom('reset') },
      { type: 'separator' },
      { role: 'togglefullscreen' },
      { type: 'separator' },
      { role: 'reload' },
      { role: 'toggleDevTools' },
    ],
  };
}

function hidden(label: string, accelerator: string, click: () => void): MenuItemConstructorOptions {
  return { label, accelerator, click, visible: false, acceleratorWorksWhenHidden: true };
}

function goMenu(run: Run): MenuItemConstructorOptions {
  return {
    label: 'Go',
    submenu: [
      ...SCREENS.map((screen, index) => ({
        label: `${screen[0]?.toUpperCase()}${screen.slice(1)}`,
        accelerator: `CmdOrCtrl+${index + 1}`,
        click: () => run(screenCommandId(screen)),
      })),
      { type: 'separator' },
      {
        label: 'Search traces…',
        accelerator: 'CmdOrCtrl+Shift+F',
        click: () => run(COMMAND_IDS.searchTraces, 'traces'),
      },
    ],
  };
}

function runMenu(run: Run): MenuItemConstructorOptions {
  return {
    label: 'Run',
    submenu: [
      { label: 'Run again', accelerator: 'CmdOrCtrl+Shift+R', click: () => run(COMMAND_IDS.runAgain, 'run') },
      { label: 'Run checks', click: () => run(COMMAND_IDS.runChecks) },
    ],
  };
}

function helpMenu({ baseUrl, documentation, log }: MenuDeps, run: Run): MenuItemConstructorOptions {
  const report = (error: unknown) => log.error('Could not open help', error);
  return {
    role: 'help',
    label: 'Help',
    submenu: [
      {
        label: 'Documentation',
        accelerator: 'F1',
        click: () => {
          shell.openPath(documentation).catch(report);
        },
      },
      {
        label: 'API description (OpenAPI)',
        click: () => {
          shell.openExternal(`${baseUrl()}/openapi.json`).catch(report);
        },
      },
      { label: 'Keyboard shortcuts', click: () => run(COMMAND_IDS.shortcuts) },
      { type: 'separator' },
      { label: 'About Mozaiks Workbench', click: () => run(COMMAND_IDS.about) },
    ],
  };
}
