import { Button, Group } from '@mantine/core';
import {
  IconBug,
  IconBugOff,
  IconFolderOpen,
  IconPlayerPlay,
  IconPower,
  IconRefresh,
  IconRotate,
} from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { PluginView } from '../../../main/contract/plugin-view.ts';
import { actOnPlugin, type PluginAction, pluginActionStore } from '../../state/plugin-actions.ts';
import { openRun } from '../../state/ui.ts';

const ICON = { size: 14 } as const;

/** Run, reload, restart, debug, enable or disable, open folder. */
export function PluginActions({ plugin: { name, enabled, debug } }: { plugin: PluginView }) {
  const busy = useStore(pluginActionStore, (state) => state.busy);
  const button = (action: PluginAction, label: string, icon: React.ReactNode, disabled = false) => (
    <Button
      disabled={disabled}
      leftSection={icon}
      loading={busy.has(`${action}:${name}`)}
      onClick={() => actOnPlugin(action, name)}
    >
      {label}
    </Button>
  );
  return (
    <Group gap={6}>
      <Button
        variant="filled"
        leftSection={<IconPlayerPlay {...ICON} />}
        disabled={!enabled}
        onClick={() => openRun(name)}
      >
        Run
      </Button>
      {button('reload', 'Reload', <IconRefresh {...ICON} />)}
      {button('restart', 'Restart', <IconRotate {...ICON} />)}
      {debug === null
        ? button('debug', 'Debug', <IconBug {...ICON} />, !enabled)
        : button('stop-debugging', 'Stop debugging', <IconBugOff {...ICON} />)}
      {enabled
        ? button('disable', 'Disable', <IconPower {...ICON} />)
        : button('enable', 'Enable', <IconPower {...ICON} />)}
      {button('open-folder', 'Open folder', <IconFolderOpen {...ICON} />)}
    </Group>
  );
}
