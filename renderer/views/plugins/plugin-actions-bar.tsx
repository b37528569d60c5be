import { ActionIcon, Button, Tooltip } from '@mantine/core';
import {
  IconBug,
  IconBugOff,
  IconCode,
  IconFolderOpen,
  IconPlayerPlay,
  IconPower,
  IconRefresh,
  IconRotate,
} from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { PluginView } from '../../../main/contract/plugin-view.ts';
import { KeyHint } from '../../components/controls/key-hint.tsx';
import { toEditorTarget } from '../../components/plugin/editor-target.ts';
import { useStores } from '../../components/use-stores.tsx';
import type { PluginAction } from '../../state/plugins/plugin-actions.ts';
import classes from './plugin-actions.module.css';

const ICON = { size: 14 } as const;

/** Run, edit and reload by name; restart, debug, disable and the folder by icon. */
export function PluginActions({ plugin }: { plugin: PluginView }) {
  const stores = useStores();
  const { name, enabled } = plugin;
  const busy = useStore(stores.pluginActions.store, (state) => state.busy);
  const opening = useStore(stores.editor.store, (state) => state.busy.has(name));
  return (
    <div className={classes.bar}>
      <Tooltip label={<Hint text="Run plugin" keys="R" />}>
        <Button
          variant="filled"
          leftSection={<IconPlayerPlay {...ICON} />}
          disabled={!enabled}
          onClick={() => stores.ui.openRun(name)}
        >
          Run
        </Button>
      </Tooltip>
      <Tooltip label={<Hint text="Open in editor" keys="O" />}>
        <Button
          leftSection={<IconCode {...ICON} />}
          loading={opening}
          onClick={() => stores.editor.open(toEditorTarget(plugin))}
        >
          Open in editor
        </Button>
      </Tooltip>
      <Tooltip label={<Hint text="Reload plugin" keys="L" />}>
        <Button
          leftSection={<IconRefresh {...ICON} />}
          loading={busy.has(`reload:${name}`)}
          onClick={() => stores.pluginActions.act('reload', name)}
        >
          Reload
        </Button>
      </Tooltip>
      <SmallActions plugin={plugin} />
    </div>
  );
}

function SmallActions({ plugin: { name, enabled, debug } }: { plugin: PluginView }) {
  const stores = useStores();
  const busy = useStore(stores.pluginActions.store, (state) => state.busy);
  const small = (action: PluginAction, label: string, icon: React.ReactNode, disabled = false) => (
    <Tooltip label={label}>
      <ActionIcon
        variant="default"
        size={28}
        aria-label={label}
        disabled={disabled}
        loading={busy.has(`${action}:${name}`)}
        onClick={() => stores.pluginActions.act(action, name)}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  );
  return (
    <span className={classes.more}>
      {small('restart', 'Restart', <IconRotate {...ICON} />)}
      {debug === null
        ? small('debug', 'Debug', <IconBug {...ICON} />, !enabled)
        : small('stop-debugging', 'Stop debugging', <IconBugOff {...ICON} />)}
      {enabled
        ? small('disable', 'Disable', <IconPower {...ICON} />)
        : small('enable', 'Enable', <IconPower {...ICON} />)}
      {small('open-folder', 'Open folder', <IconFolderOpen {...ICON} />)}
    </span>
  );
}

function Hint({ text, keys }: { text: string; keys: string }) {
  return (
    <span className={classes.hint}>
      {text} <KeyHint keys={keys} />
    </span>
  );
}
