import '@mantine/core/styles.layer.css';
import './theme.css';
import { createInspector, openBridge } from './bridge.ts';
import { mount } from './mount.tsx';
import * as page from './page.ts';
import { createAnnouncements } from './state/app/announcements.ts';
import { createAppearanceStore } from './state/app/appearance.ts';
import { createStartupErrorStore } from './views/startup-error/startup-error-store.ts';
import { StartupErrorWindow } from './views/startup-error/startup-error-window.tsx';

/** The page of the small window that says why the workbench can't start. It has no Inspector behind it. */

const appearance = createAppearanceStore({
  inspector: createInspector(openBridge()),
  page,
  announcements: createAnnouncements(),
});
const startupError = createStartupErrorStore(window.workbench);
startupError.load();
mount(<StartupErrorWindow startupError={startupError} />, appearance.createThemeManager());
