import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { IndexView, Namespace } from '../../../../main/contract/data.ts';
import { useCommands } from '../../../components/controls/use-commands.ts';
import table from '../../../components/layout/table.module.css';
import { LoadState } from '../../../components/status/states.tsx';
import { formatBytes, showControls } from '../../../components/text/format.ts';
import { useData } from '../use-data.ts';
import classes from './indexes-tab.module.css';

/** MongoDB makes it with the collection, and it can't be dropped. */
const ID_INDEX = '_id_';

export function IndexesTab({ namespace }: { readonly namespace: Namespace }) {
  const { indexes, dialogs } = useData();
  const load = useStore(indexes.store, (state) => state.load);
  const { database, collection } = namespace;
  const create = () => dialogs.ask({ kind: 'create-index', database, collection, keys: '', unique: false });
  useCommands([
    {
      id: 'data.create-index',
      title: 'Create an index',
      group: 'This screen',
      keys: 'N',
      icon: IconPlus,
      run: create,
    },
  ]);
  return (
    <div className={classes.indexes}>
      <LoadState load={load} what="Indexes" onRetry={indexes.reload}>
        {(found) => (
          <IndexTable
            indexes={found}
            onDrop={(name) => dialogs.ask({ kind: 'drop-index', database, collection, name })}
          />
        )}
      </LoadState>
      <Button leftSection={<IconPlus size={14} />} onClick={create}>
        Create an index
      </Button>
    </div>
  );
}

interface IndexTableProps {
  readonly indexes: readonly IndexView[];
  readonly onDrop: (name: string) => void;
}

function IndexTable({ indexes, onDrop }: IndexTableProps) {
  const isMeasured = indexes.some(({ bytes }) => bytes !== null);
  return (
    <table className={`${table.framed} ${table.headed} ${table.facts}`}>
      <thead>
        <tr>
          <th>Name</th>
          <th>Keys</th>
          <th>Options</th>
          {isMeasured && <th>Size</th>}
          <th aria-label="Actions" />
        </tr>
      </thead>
      <tbody>
        {indexes.map(({ name, keys, options, bytes }) => (
          <tr key={name}>
            <td className={classes.text}>{showControls(name)}</td>
            <td className={classes.text}>{showControls(keys)}</td>
            <td className={classes.text}>{showControls(options)}</td>
            {isMeasured && <td>{bytes === null ? '' : formatBytes(bytes)}</td>}
            <td className={classes.action}>
              {name !== ID_INDEX && (
                <Tooltip label="Drop this index">
                  <ActionIcon aria-label={`Drop index ${showControls(name)}`} onClick={() => onDrop(name)}>
                    <IconTrash size={15} />
                  </ActionIcon>
                </Tooltip>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
