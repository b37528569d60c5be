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
import type { Command } from '../../state/app/commands.ts';
import { readyValue } from '../../state/app/loadable.ts';
import type { Stores } from '../../stores.ts';
import { useCommands } from '../controls/use-commands.ts';
import { useStores } from '../use-stores.tsx';

/** The watched folder and the window's zoom, from everywhere. The native menu asks for these by their ids. */
export function WindowCommands() {
  const stores = useStores();
  const recent = useStore(stores.folder.store, ({ folders }) => readyValue(folders)?.recent);
  const watched = useStore(stores.runtime.store, ({ snapshot }) => readyValue(snapshot)?.folder.path);
  const zoom = useStore(stores.appearance.store, (state) => state.zoom);
  useEffect(() => {
    stores.folder.refresh().catch((error) => console.error('recent folders not loaded', error));
  }, []);
  useCommands([
    chooseFolderCommand(stores),
    ...(recent ?? []).filter(({ path }) => path !== watched).map((folder) => recentCommand(stores, folder)),
    ...(zoom === null ? [] : zoomCommands(stores, zoom)),
    aboutCommand(stores),
  ]);
  return null;
}

function chooseFolderCommand({ folder }: Stores): Command {
  return {
    id: COMMAND_IDS.chooseFolder,
    title: 'Watch another folder',
    group: 'Plugins',
    about: 'Same address, its own traces',
    words: 'open change plugins directory switch',
    icon: IconFolderPlus,
    keys: 'mod+O',
    run: folder.choose,
  };
}

function aboutCommand({ ui }: Stores): Command {
  return {
    id: COMMAND_IDS.about,
    title: 'About Mozaiks Workbench',
    group: 'Settings',
    about: 'Versions and licence',
    words: 'version electron licence license telemetry',
    icon: IconInfoCircle,
    run: () => ui.navigate('settings', { params: { part: 'about' } }),
  };
}

function recentCommand(stores: Stores, { path, state }: RecentFolder): Command {
  return {
    id: `folder.recent:${path}`,
    title: `Watch ${path}`,
    group: 'Plugins',
    words: 'recent folder open',
    icon: IconFolderOpen,
    unavailable: state === 'missing' ? 'Folder not found' : null,
    run: () => stores.folder.watch(path),
  };
}

const STEPS: readonly number[] = ZOOM_STEPS;

function zoomCommands(stores: Stores, zoom: number): Command[] {
  const step = (direction: 1 | -1) => STEPS[STEPS.indexOf(zoom) + direction];
  const command = (id: string, title: string, icon: Command['icon'], to: number | undefined): Command => ({
    id,
    title,
    group: 'Appearance',
    words: 'size text bigger smaller',
    icon,
    unavailable: to === undefined ? 'Limit reached' : null,
    run: () => {
      if (to !== undefined) stores.appearance.setZoom(to);
    },
  });
  return [
    command('zoom.in', 'Zoom in', IconZoomIn, step(1)),
    command('zoom.out', 'Zoom out', IconZoomOut, step(-1)),
    command('zoom.reset', 'Actual size', IconZoomReset, 1),
  ];
}
