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
import { currentStores } from '../../current-stores.ts';
import { copyText } from '../../page.ts';
import type { Command } from '../../state/app/commands.ts';
import { readyValue } from '../../state/app/loadable.ts';
import { checkOwnRuntime } from '../../state/contract/contract.ts';
import { useCommands } from '../controls/use-commands.ts';
import { useStores } from '../use-stores.tsx';
import { SCREEN_LOOK, screenKeys } from './screens.ts';

/** What can be done from everywhere. What belongs to a screen is offered by that screen while it is open. */
export function FrameCommands() {
  const stores = useStores();
  const snapshot = useStore(stores.runtime.store, (state) => readyValue(state.snapshot));
  const personas = useStore(stores.personas.store, (state) => readyValue(state.personas));
  const settings = useStore(stores.settings.store, (state) => readyValue(state.settings));
  const { setColorScheme } = useMantineColorScheme();
  useLookup();
  useCommands([
    ...SCREEN_COMMANDS,
    NEW_PLUGIN,
    ...(snapshot?.plugins ?? []).flatMap(pluginCommands),
    ...(personas ?? []).map(personaCommand),
    ...(settings ?? []).map(settingCommand),
    ...runtimeCommands(snapshot),
    ...themeCommands(setColorScheme),
    ...PALETTE_COMMANDS,
  ]);
  return null;
}

/** Personas and settings are fetched when the palette first wants them. */
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

const PALETTE_COMMANDS: readonly Command[] = [
  {
    id: COMMAND_IDS.palette,
    title: 'Search or do anything by name',
    group: 'Runtime',
    icon: IconSearch,
    keys: 'mod+K',
    listed: false,
    run: () => currentStores().commands.openPalette(),
  },
  {
    id: COMMAND_IDS.shortcuts,
    title: 'Show keyboard shortcuts',
    group: 'Runtime',
    icon: IconKeyboard,
    words: 'keys hotkeys help',
    keys: '?',
    run: () => currentStores().commands.openShortcuts(),
  },
];

const SCREEN_COMMANDS: readonly Command[] = SCREENS.map((screen) => {
  const { title, about, icon } = SCREEN_LOOK[screen];
  return {
    id: screenCommandId(screen),
    title,
    group: 'Screens',
    about,
    words: 'go to open screen',
    icon,
    keys: screenKeys(screen),
    run: () => currentStores().ui.navigate(screen),
  };
});

const NEW_PLUGIN: Command = {
  id: COMMAND_IDS.newPlugin,
  title: 'New plugin',
  group: 'Plugins',
  about: 'TypeScript, JavaScript or Python; runs at once',
  words: 'create make add',
  icon: IconPlus,
  keys: 'N',
  run: () => currentStores().newPlugin.open(),
};

function pluginCommands({ name, displayName, debug }: PluginView): Command[] {
  const words = displayName;
  const command = (id: string, title: string, icon: Command['icon'], run: () => unknown): Command => ({
    id: `${id}:${name}`,
    title,
    group: 'Plugins',
    words,
    ...(icon ? { icon } : {}),
    run,
  });
  const debugging = debug !== null;
  return [
    command('plugin.run', `Run ${name}`, IconPlayerPlay, () => currentStores().ui.openRun(name)),
    command('plugin.show', `Show ${name}`, IconPuzzle, () =>
      currentStores().ui.navigate('plugins', { item: name }),
    ),
    command('plugin.traces', `Traces of ${name}`, IconListDetails, () =>
      currentStores().ui.navigate('traces', { params: { plugin: name } }),
    ),
    command('plugin.editor', `Open ${name} in editor`, IconCode, () => currentStores().editor.open({ name })),
    command('plugin.reload', `Reload ${name}`, IconRefresh, () =>
      currentStores().pluginActions.act('reload', name),
    ),
    command('plugin.restart', `Restart ${name}`, IconRotate, () =>
      currentStores().pluginActions.act('restart', name),
    ),
    command(
      'plugin.debug',
      debugging ? `Stop debugging ${name}` : `Debug ${name}`,
      debugging ? IconBugOff : IconBug,
      () => currentStores().pluginActions.act(debugging ? 'stop-debugging' : 'debug', name),
    ),
    command('plugin.folder', `Open folder of ${name}`, IconFolderOpen, () =>
      currentStores().pluginActions.act('open-folder', name),
    ),
  ];
}

function personaCommand({ id, label, description, unavailable }: PersonaView): Command {
  return {
    id: `persona:${id}`,
    title: `Run as ${label}`,
    group: 'Run',
    about: description,
    words: 'persona user token',
    icon: IconUser,
    unavailable,
    run: () => {
      currentStores().ui.choose({ persona: id });
      currentStores().ui.navigate('run');
    },
  };
}

function settingCommand({ name, value, description }: Setting): Command {
  return {
    id: `setting:${name}`,
    title: name,
    group: 'Settings',
    about: value === '' ? 'not set' : value,
    words: `setting ${description}`,
    icon: IconAdjustments,
    run: () => currentStores().ui.navigate('settings', { params: { find: name } }),
  };
}

function runtimeCommands(snapshot: RuntimeSnapshot | undefined): Command[] {
  return [
    {
      id: COMMAND_IDS.runChecks,
      title: 'Run contract checks',
      group: 'Contract',
      icon: IconChecklist,
      run: () => {
        currentStores().ui.navigate('contract');
        return checkOwnRuntime();
      },
    },
    ...(snapshot
      ? [
          copyCommand('base URL', snapshot.baseUrl),
          copyCommand('health curl', `curl -si ${snapshot.baseUrl}/health`),
        ]
      : []),
    {
      id: 'plugins.folder',
      title: 'Open plugins folder',
      group: 'Plugins',
      icon: IconFolderOpen,
      run: () => currentStores().pluginActions.openPluginsFolder(),
    },
    {
      id: 'traces.clear',
      title: 'Clear traces',
      group: 'Traces',
      icon: IconTrash,
      run: () => currentStores().traces.clear(),
    },
  ];
}

function copyCommand(what: string, text: string): Command {
  return {
    id: `copy:${what}`,
    title: `Copy ${what}`,
    group: 'Runtime',
    about: text,
    icon: IconCopy,
    run: async () => {
      await copyText(text);
      currentStores().announcements.announce({ tone: 'good', title: 'Copied', text });
    },
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
    theme('auto', 'Theme of the system', IconSunMoon),
  ];
}
