import {
  IconFolderOpen,
  IconFolderPlus,
  IconInfoCircle,
  IconZoomIn,
  IconZoomOut,
  IconZoomReset,
} from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { RecentFolder } from '../../../main/contract/folder.ts';
import { COMMAND_IDS, ZOOM_STEPS } from '../../../main/contract/window.ts';
import { appearanceStore, setZoom } from '../../state/app/appearance.ts';
import type { Command } from '../../state/app/commands.ts';
import { chooseFolder, folderStore, refreshFolders, watchFolder } from '../../state/app/folder.ts';
import { readyValue } from '../../state/app/loadable.ts';
import { runtimeStore } from '../../state/app/runtime.ts';
import { navigate } from '../../state/app/ui.ts';
import { useCommands } from '../controls/use-commands.ts';

/** The watched folder and the window's zoom, from everywhere. The native menu asks for these by their ids. */
export function WindowCommands() {
  const recent = useStore(folderStore, ({ folders }) => readyValue(folders)?.recent);
  const watched = useStore(runtimeStore, ({ snapshot }) => readyValue(snapshot)?.folder.path);
  const zoom = useStore(appearanceStore, (state) => state.zoom);
  useEffect(() => {
    refreshFolders();
  }, []);
  useCommands([
    CHOOSE,
    ...(recent ?? []).filter(({ path }) => path !== watched).map(recentCommand),
    ...(zoom === null ? [] : zoomCommands(zoom)),
    ABOUT,
  ]);
  return null;
}

const CHOOSE: Command = {
  id: COMMAND_IDS.chooseFolder,
  title: 'Watch another folder',
  group: 'Plugins',
  about: 'Same address, its own traces',
  words: 'open change plugins directory switch',
  icon: IconFolderPlus,
  keys: 'mod+O',
  run: chooseFolder,
};

const ABOUT: Command = {
  id: COMMAND_IDS.about,
  title: 'About this workbench',
  group: 'Settings',
  about: 'Versions and licence',
  words: 'version electron licence license telemetry',
  icon: IconInfoCircle,
  run: () => navigate('settings', { params: { part: 'about' } }),
};

function recentCommand({ path, state }: RecentFolder): Command {
  return {
    id: `folder.recent:${path}`,
    title: `Watch ${path}`,
    group: 'Plugins',
    words: 'recent folder open',
    icon: IconFolderOpen,
    unavailable: state === 'missing' ? 'The folder is gone' : null,
    run: () => watchFolder(path),
  };
}

const STEPS: readonly number[] = ZOOM_STEPS;

function zoomCommands(zoom: number): Command[] {
  const step = (direction: 1 | -1) => STEPS[STEPS.indexOf(zoom) + direction];
  const command = (id: string, title: string, icon: Command['icon'], to: number | undefined): Command => ({
    id,
    title,
    group: 'Appearance',
    words: 'size text bigger smaller',
    ...(icon ? { icon } : {}),
    unavailable: to === undefined ? 'It can’t go further' : null,
    run: () => {
      if (to !== undefined) setZoom(to);
    },
  });
  return [
    command('zoom.in', 'Zoom in', IconZoomIn, step(1)),
    command('zoom.out', 'Zoom out', IconZoomOut, step(-1)),
    command('zoom.reset', 'Actual size', IconZoomReset, 1),
  ];
}
