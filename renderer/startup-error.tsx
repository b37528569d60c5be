import '@mantine/core/styles.layer.css';
import './theme.css';
import { mount } from './mount.tsx';
import { loadStartupError } from './views/startup-error/startup-error-store.ts';
import { StartupErrorWindow } from './views/startup-error/startup-error-window.tsx';

/** The page of the small window that says why the workbench can't start. It has no Inspector behind it. */

loadStartupError();
mount(<StartupErrorWindow />);
