import { useMantineColorScheme } from '@mantine/core';
import {
  IconAdjustments,
  IconBug,
  IconBugOff,
  IconChecklist,
  IconCode,
  IconCopy,
  IconFolderOpen,
  IconKeyboard,
  IconListDetails,
  IconMoon,
  IconPlayerPlay,
  IconPlus,
  IconPuzzle,
  IconRefresh,
  IconRotate,
  IconSearch,
  IconSend,
  IconSun,
  IconSunMoon,
  IconTrash,
  IconUser,
} from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { PluginView } from '../../../main/contract/plugin-view.ts';
import type { PersonaView } from '../../../main/contract/run.ts';
import type { RuntimeSnapshot, Setting } from '../../../main/contract/snapshot.ts';
import {
  COMMAND_IDS,
  SCREENS,
  screenCommandId,
  type Theme,
  themeCommandId,
} from '../../../main/contract/window.ts';
import type { Command } from '../../state/app/commands.ts';
import { readyValue } from '../../state/app/loadable.ts';
import { EVENTS_PLACE } from '../../state/messages/messages-places.ts';
import type { Stores } from '../../stores.ts';
import { useCommands } from '../controls/use-commands.ts';
import { type Copy, useCopy } from '../controls/use-copy.ts';
import { useStores } from '../use-stores.tsx';
import { SCREEN_LOOK, screenKeys } from './screens.ts';

/** Commands available everywhere. Each screen offers its own while it is open. */
export function FrameCommands() {
  const stores = useStores();
  const snapshot = useStore(stores.runtime.store, (state) => readyValue(state.snapshot));
  const personas = useStore(stores.personas.store, (state) => readyValue(state.personas));
  const settings = useStore(stores.settings.store, (state) => readyValue(state.settings));
  const { setColorScheme } = useMantineColorScheme();
  const copy = useCopy();
  useLookup();
  useCommands([
    ...screenCommands(stores),
    newPluginCommand(stores),
    sendEventCommand(stores),
    ...(snapshot?.plugins ?? []).flatMap((plugin) => pluginCommands(stores, plugin)),
    ...(personas ?? []).map((persona) => personaCommand(stores, persona)),
    ...(settings ?? []).map((setting) => settingCommand(stores, setting)),
    ...runtimeCommands(stores, copy, snapshot),
    ...themeCommands(setColorScheme),
    ...paletteCommands(stores),
  ]);
  return null;
}

/** Personas and settings are fetched when the palette is first opened. */
function useLookup(): void {
  const stores = useStores();
  const open = useStore(stores.commands.store, (state) => state.open === 'palette');
  useEffect(() => {
    if (!open) return;
    const failed = (error: unknown) => console.error('not offered in the palette', error);
    if (stores.personas.store.getState().personas.state !== 'ready') stores.personas.refresh().catch(failed);
    if (stores.settings.store.getState().settings.state !== 'ready') stores.settings.refresh().catch(failed);
  }, [open]);
}

function paletteCommands({ commands }: Stores): Command[] {
  return [
    {
      id: COMMAND_IDS.palette,
      title: 'Command palette',
      group: 'Runtime',
      icon: IconSearch,
      keys: 'mod+K',
      listed: false,
      run: commands.openPalette,
    },
    {
      id: COMMAND_IDS.shortcuts,
      title: 'Keyboard shortcuts',
      group: 'Runtime',
      icon: IconKeyboard,
      words: 'keys hotkeys help',
      keys: '?',
      run: commands.openShortcuts,
    },
  ];
}

function screenCommands({ ui }: Stores): Command[] {
  return SCREENS.map((screen) => {
    const { title, about, icon } = SCREEN_LOOK[screen];
    return {
      id: screenCommandId(screen),
      title,
      group: 'Screens',
      about,
      words: 'go to open screen',
      icon,
      keys: screenKeys(screen),
      run: () => ui.navigate(screen),
    };
  });
}

function newPluginCommand({ newPlugin }: Stores): Command {
  return {
    id: COMMAND_IDS.newPlugin,
    title: 'New plugin',
    group: 'Plugins',
    about: 'TypeScript, JavaScript or Python; runs at once',
    words: 'create make add',
    icon: IconPlus,
    keys: 'N',
    run: newPlugin.open,
  };
}

function sendEventCommand({ ui }: Stores): Command {
  return {
    id: 'events.open',
    title: 'Send event',
    group: 'Plugins',
    about: 'To the subscribers of every plugin',
    words: 'publish bus message',
    icon: IconSend,
    run: () => ui.navigate('messages', { item: EVENTS_PLACE, params: { focus: 'name' } }),
  };
}

function pluginCommands(stores: Stores, { name, displayName, debug }: PluginView): Command[] {
  const words = displayName;
  const command = (id: string, title: string, icon: Command['icon'], run: () => unknown): Command => ({
    id: `${id}:${name}`,
    title,
    group: 'Plugins',
    words,
    icon,
    run,
  });
  const debugging = debug !== null;
  return [
    command('plugin.run', `Run ${name}`, IconPlayerPlay, () => stores.ui.openRun(name)),
    command('plugin.show', `Show ${name}`, IconPuzzle, () => stores.ui.navigate('plugins', { item: name })),
    command('plugin.traces', `Traces of ${name}`, IconListDetails, () =>
      stores.ui.navigate('traces', { params: { plugin: name } }),
    ),
    command('plugin.editor', `Open ${name} in editor`, IconCode, () => stores.editor.open({ name })),
    command('plugin.reload', `Reload ${name}`, IconRefresh, () => stores.pluginActions.act('reload', name)),
    command('plugin.restart', `Restart ${name}`, IconRotate, () => stores.pluginActions.act('restart', name)),
    command(
      'plugin.debug',
      debugging ? `Stop debugging ${name}` : `Debug ${name}`,
      debugging ? IconBugOff : IconBug,
      () => stores.pluginActions.act(debugging ? 'stop-debugging' : 'debug', name),
    ),
    command('plugin.folder', `Open folder of ${name}`, IconFolderOpen, () =>
      stores.pluginActions.act('open-folder', name),
    ),
  ];
}

function personaCommand(stores: Stores, { id, label, description, unavailable }: PersonaView): Command {
  return {
    id: `persona:${id}`,
    title: `Run as ${label}`,
    group: 'Run',
    about: description,
    words: 'persona user token',
    icon: IconUser,
    unavailable,
    run: () => {
      stores.ui.choose({ persona: id });
      stores.ui.navigate('run');
    },
  };
}

function settingCommand(stores: Stores, { name, value, description }: Setting): Command {
  return {
    id: `setting:${name}`,
    title: name,
    group: 'Settings',
    about: value === '' ? 'not set' : value,
    words: `setting ${description}`,
    icon: IconAdjustments,
    run: () => stores.ui.navigate('settings', { params: { find: name } }),
  };
}

function runtimeCommands(stores: Stores, copy: Copy, snapshot: RuntimeSnapshot | undefined): Command[] {
  return [
    {
      id: COMMAND_IDS.runChecks,
      title: 'Run checks',
      group: 'Contract',
      icon: IconChecklist,
      run: () => {
        stores.ui.navigate('contract');
        return stores.contract.checkOwn();
      },
    },
    ...(snapshot
      ? [
          copyCommand(copy, 'base URL', snapshot.baseUrl),
          copyCommand(copy, 'health curl', `curl -si ${snapshot.baseUrl}/health`),
        ]
      : []),
    {
      id: 'plugins.folder',
      title: 'Open plugins folder',
      group: 'Plugins',
      icon: IconFolderOpen,
      run: stores.pluginActions.openPluginsFolder,
    },
    {
      id: 'traces.clear',
      title: 'Clear traces',
      group: 'Traces',
      icon: IconTrash,
      run: stores.traces.clear,
    },
  ];
}

function copyCommand(copy: Copy, what: string, text: string): Command {
  return {
    id: `copy:${what}`,
    title: `Copy ${what}`,
    group: 'Runtime',
    about: text,
    icon: IconCopy,
    run: () => copy(text, { title: 'Copied', text }),
  };
}

function themeCommands(set: (scheme: Theme) => void): Command[] {
  const theme = (scheme: Theme, title: string, icon: NonNullable<Command['icon']>) => ({
    id: themeCommandId(scheme),
    title,
    group: 'Appearance' as const,
    words: 'colour color scheme mode',
    icon,
    run: () => set(scheme),
  });
  return [
    theme('light', 'Light theme', IconSun),
    theme('dark', 'Dark theme', IconMoon),
    theme('auto', 'System theme', IconSunMoon),
  ];
}
