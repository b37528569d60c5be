import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import { IconCamera, IconHistory, IconRestore, IconTrash } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { DataSnapshotView } from '../../../main/contract/data.ts';
import { useCommands } from '../../components/controls/use-commands.ts';
import { formatAge, formatBytes, formatDate, showControls } from '../../components/text/format.ts';
import { useNow } from '../../components/time/use-now.ts';
import { readyValue } from '../../state/app/loadable.ts';
import classes from './data-screen.module.css';
import { useData } from './use-data.ts';

const ONLY_LOCAL = 'Only of the local database';
const ONLY_OWN = 'Only the workbench’s own: others may use this one';

/** Copies of all data to return to, and the way to have none. */
export function SnapshotMenu() {
  const data = useData();
  const { dialogs } = data;
  const isLocal = useStore(data.database.store, ({ view }) => readyValue(view)?.kind === 'local');
  const snapshots = useStore(data.database.store, (state) => readyValue(state.snapshots));
  const isOwn = useStore(data.database.store, ({ view }) => readyValue(view)?.isOwn === true);
  const notLocal = isLocal ? null : ONLY_LOCAL;
  const notOwn = isOwn ? null : ONLY_OWN;
  const take = () => dialogs.ask({ kind: 'snapshot', name: '' });
  const reset = () => dialogs.ask({ kind: 'reset' });
  useCommands([
    {
      id: 'data.snapshot',
      title: 'Take a snapshot of the database',
      group: 'This screen',
      icon: IconCamera,
      unavailable: notLocal,
      run: take,
    },
    {
      id: 'data.reset',
      title: 'Reset the database',
      group: 'This screen',
      icon: IconTrash,
      unavailable: notOwn,
      run: reset,
    },
    ...(snapshots ?? []).map(({ name }) => ({
      id: `data.restore:${name}`,
      title: `Restore snapshot ${showControls(name)}`,
      group: 'This screen' as const,
      icon: IconRestore,
      run: () => dialogs.ask({ kind: 'restore', name }),
    })),
  ]);
  return (
    <Menu width={320}>
      <Menu.Target>
        <Button leftSection={<IconHistory size={14} />}>Snapshots</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconCamera size={15} />} disabled={!isLocal} onClick={take}>
          Take a snapshot
          <span className={classes.about}>{notLocal ?? 'A copy of all data, to return to'}</span>
        </Menu.Item>
        {snapshots !== undefined && snapshots.length > 0 && (
          <>
            <Menu.Divider />
            <Menu.Label>Restore</Menu.Label>
            {snapshots.map((snapshot) => (
              <SnapshotItem key={snapshot.name} snapshot={snapshot} />
            ))}
          </>
        )}
        <Menu.Divider />
        <Menu.Item leftSection={<IconTrash size={15} />} disabled={!isOwn} onClick={reset}>
          Reset the database
          <span className={classes.about}>{notOwn ?? 'Drops all collections; snapshots stay'}</span>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function SnapshotItem({ snapshot: { name, createdAt, bytes } }: { readonly snapshot: DataSnapshotView }) {
  const { dialogs } = useData();
  const now = useNow();
  return (
    <div className={classes.row} role="none">
      <Menu.Item
        leftSection={<IconRestore size={15} />}
        title={formatDate(createdAt)}
        onClick={() => dialogs.ask({ kind: 'restore', name })}
      >
        <span className={classes.name}>{showControls(name)}</span>
        <span className={classes.about}>
          {formatAge(now - createdAt)} ago · {formatBytes(bytes)}
        </span>
      </Menu.Item>
      <Tooltip label="Delete this snapshot">
        <ActionIcon
          role="menuitem"
          aria-label={`Delete snapshot ${showControls(name)}`}
          onClick={() => dialogs.ask({ kind: 'delete-snapshot', name })}
        >
          <IconTrash size={15} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
