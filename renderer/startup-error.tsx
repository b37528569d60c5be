import '@mantine/core/styles.layer.css';
import './theme.css';
import { mount } from './mount.tsx';
import { startTrouble } from './views/startup-error/startup-error-store.ts';
import { TroubleWindow } from './views/startup-error/startup-error-window.tsx';

/** The page of the small window that says why the workbench can't start. It has no Inspector behind it. */

startTrouble();
mount(<TroubleWindow />);
