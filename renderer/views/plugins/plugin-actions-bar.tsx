import { Button, Group } from '@mantine/core';
import { IconFolderOpen, IconPlayerPlay, IconPower, IconRefresh, IconRotate } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { PluginView } from '../../../main/contract/inspector.ts';
import { actOnPlugin, type PluginAction, pluginActionStore } from '../../state/plugin-actions.ts';
import { openRun } from '../../state/ui.ts';

const ICON = { size: 14 } as const;

/** Run, reload, restart, enable or disable, open folder. */
export function PluginActions({ plugin: { name, enabled } }: { plugin: PluginView }) {
  const busy = useStore(pluginActionStore, (state) => state.busy);
  const button = (action: PluginAction, label: string, icon: React.ReactNode) => (
    <Button
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
      {enabled
        ? button('disable', 'Disable', <IconPower {...ICON} />)
        : button('enable', 'Enable', <IconPower {...ICON} />)}
      {button('open-folder', 'Open folder', <IconFolderOpen {...ICON} />)}
    </Group>
  );
}
