import '@mantine/core/styles.layer.css';
import './theme.css';
import { mount } from './mount.tsx';
import { startTrouble } from './views/trouble/trouble-store.ts';
import { TroubleWindow } from './views/trouble/trouble-window.tsx';

/** The page of the small window that says why the workbench can't start. It has no Inspector behind it. */

startTrouble();
mount(<TroubleWindow />);
