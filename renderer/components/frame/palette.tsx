import { useMantineColorScheme } from '@mantine/core';
import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight';
import {
  IconBug,
  IconBugOff,
  IconChecklist,
  IconCopy,
  IconFolderOpen,
  IconMoon,
  IconPlayerPlay,
  IconPlus,
  IconRefresh,
  IconRotate,
  IconSearch,
  IconSun,
  IconSunMoon,
  IconTrash,
} from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { PluginView } from '../../../main/contract/plugin-view.ts';
import type { RuntimeSnapshot } from '../../../main/contract/snapshot.ts';
import { copyText } from '../../page.ts';
import { announce } from '../../state/announcements.ts';
import { checkOwnRuntime } from '../../state/contract.ts';
import { readyValue, toFailure } from '../../state/loadable.ts';
import { openNewPlugin } from '../../state/new-plugin.ts';
import { actOnPlugin } from '../../state/plugin-actions.ts';
import { SCREENS } from '../../state/route.ts';
import { runtimeStore } from '../../state/runtime.ts';
import { clearTraces } from '../../state/traces.ts';
import { navigate, openRun } from '../../state/ui.ts';
import { KeyHint } from '../key-hint.tsx';
import classes from './palette.module.css';
import { SCREEN_LOOK, screenKeys } from './screens.ts';

const ICON = { size: 16, stroke: 1.75 } as const;

/** Every action by name, Ctrl/Cmd+K. */
export function Palette() {
  const snapshot = useStore(runtimeStore, (state) => readyValue(state.snapshot));
  const { setColorScheme } = useMantineColorScheme();
  const actions = [
    { group: 'Screens', actions: screenActions() },
    { group: 'Plugins', actions: [NEW_PLUGIN, ...(snapshot?.plugins ?? []).flatMap(pluginActions)] },
    { group: 'Runtime', actions: runtimeActions(snapshot) },
    { group: 'Appearance', actions: themeActions(setColorScheme) },
  ] satisfies SpotlightActionGroupData[];
  return (
    <Spotlight
      actions={actions.filter((group) => group.actions.length > 0)}
      shortcut="mod + K"
      tagsToIgnore={[]}
      triggerOnContentEditable
      scrollable
      centered={false}
      yOffset={72}
      maxHeight={420}
      limit={40}
      size={560}
      radius="md"
      nothingFound="Nothing goes by that name"
      overlayProps={{ backgroundOpacity: 0.35, blur: 0 }}
      transitionProps={{ duration: 100 }}
      classNames={{
        actionsGroup: classes.group ?? '',
        action: classes.action ?? '',
        actionLabel: classes.label ?? '',
        actionDescription: classes.about ?? '',
        search: classes.search ?? '',
        content: classes.content ?? '',
      }}
      searchProps={{
        placeholder: 'Go to a screen, run or reload a plugin…',
        leftSection: <IconSearch {...ICON} />,
      }}
    />
  );
}

function screenActions(): SpotlightActionData[] {
  return SCREENS.map((screen) => {
    const { title, about, icon: Icon } = SCREEN_LOOK[screen];
    return {
      id: `screen:${screen}`,
      label: title,
      description: about,
      leftSection: <Icon {...ICON} />,
      rightSection: <KeyHint keys={screenKeys(screen)} />,
      onClick: () => navigate(screen),
    };
  });
}

const NEW_PLUGIN: SpotlightActionData = {
  id: 'new-plugin',
  label: 'New plugin',
  description: 'TypeScript, JavaScript or Python; runs at once',
  leftSection: <IconPlus {...ICON} />,
  rightSection: <KeyHint keys="N" />,
  onClick: openNewPlugin,
};

function pluginActions({ name, debug }: PluginView): SpotlightActionData[] {
  return [
    {
      id: `run:${name}`,
      label: `Run ${name}`,
      leftSection: <IconPlayerPlay {...ICON} />,
      onClick: () => openRun(name),
    },
    {
      id: `reload:${name}`,
      label: `Reload ${name}`,
      leftSection: <IconRefresh {...ICON} />,
      onClick: () => actOnPlugin('reload', name),
    },
    {
      id: `restart:${name}`,
      label: `Restart ${name}`,
      leftSection: <IconRotate {...ICON} />,
      onClick: () => actOnPlugin('restart', name),
    },
    {
      id: `debug:${name}`,
      label: debug === null ? `Debug ${name}` : `Stop debugging ${name}`,
      leftSection: debug === null ? <IconBug {...ICON} /> : <IconBugOff {...ICON} />,
      onClick: () => actOnPlugin(debug === null ? 'debug' : 'stop-debugging', name),
    },
    {
      id: `folder:${name}`,
      label: `Open folder of ${name}`,
      leftSection: <IconFolderOpen {...ICON} />,
      onClick: () => actOnPlugin('open-folder', name),
    },
  ];
}

function runtimeActions(snapshot: RuntimeSnapshot | undefined): SpotlightActionData[] {
  return [
    {
      id: 'checks',
      label: 'Run contract checks',
      leftSection: <IconChecklist {...ICON} />,
      onClick: () => {
        navigate('contract');
        return checkOwnRuntime();
      },
    },
    ...(snapshot
      ? [
          copyAction('base URL', snapshot.baseUrl),
          copyAction('health curl', `curl -si ${snapshot.baseUrl}/health`),
        ]
      : []),
    {
      id: 'clear',
      label: 'Clear traces',
      leftSection: <IconTrash {...ICON} />,
      onClick: () => clearTraces(),
    },
  ];
}

function copyAction(what: string, text: string): SpotlightActionData {
  return {
    id: `copy:${what}`,
    label: `Copy ${what}`,
    description: text,
    leftSection: <IconCopy {...ICON} />,
    onClick: () =>
      copyText(text).then(
        () => announce({ tone: 'good', title: 'Copied', text }),
        (error) => announce({ tone: 'bad', title: 'Not copied', text: toFailure(error).message }),
      ),
  };
}

function themeActions(set: (scheme: 'light' | 'dark' | 'auto') => void): SpotlightActionData[] {
  return [
    {
      id: 'theme:light',
      label: 'Light theme',
      leftSection: <IconSun {...ICON} />,
      onClick: () => set('light'),
    },
    {
      id: 'theme:dark',
      label: 'Dark theme',
      leftSection: <IconMoon {...ICON} />,
      onClick: () => set('dark'),
    },
    {
      id: 'theme:auto',
      label: 'Theme of the system',
      leftSection: <IconSunMoon {...ICON} />,
      onClick: () => set('auto'),
    },
  ];
}
