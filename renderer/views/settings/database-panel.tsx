import { Button, Progress } from '@mantine/core';
import { IconArrowBackUp, IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { MONGODB_SIZE, type MongodbView } from '../../../main/contract/mongodb.ts';
import { Copyable } from '../../components/controls/copy-button.tsx';
import { useCommands } from '../../components/controls/use-commands.ts';
import { Dialog, DialogButtons } from '../../components/layout/dialog.tsx';
import { Panel } from '../../components/layout/page.tsx';
import { formatBytes, showControls } from '../../components/text/format.ts';
import { useStores } from '../../components/use-stores.tsx';
import classes from './settings.module.css';

/** The local database, or a MongoDB that was downloaded in its place. */
export function DatabasePanel({ mongodb }: { mongodb: MongodbView }) {
  const { downloads } = useStores();
  const [asks, setAsks] = useState(false);
  const { inUse, state, version } = mongodb;
  const canUse = inUse === 'local' && state === 'idle';
  // What is downloaded already needs no agreement.
  const begin = () => (mongodb.isDownloaded ? downloads.startMongodb() : setAsks(true));
  useCommands([
    {
      id: 'settings.useMongodb',
      title: 'Use MongoDB',
      group: 'This screen',
      icon: IconDownload,
      unavailable: canUse ? null : 'It is in use, or on its way',
      run: begin,
    },
    {
      id: 'settings.useLocalDatabase',
      title: 'Use the local database',
      group: 'This screen',
      icon: IconArrowBackUp,
      unavailable: inUse === 'mongodb' ? null : 'It is in use',
      run: downloads.returnToLocal,
    },
  ]);
  return (
    <Panel
      title="Database"
      actions={
        <>
          {canUse && <Button onClick={begin}>{mongodb.isDownloaded ? 'Use MongoDB' : 'Use MongoDB…'}</Button>}
          {inUse === 'mongodb' && <Button onClick={downloads.returnToLocal}>Use the local database</Button>}
          {state !== 'idle' && (
            <Button onClick={downloads.cancelMongodb}>
              {state === 'downloading' ? 'Cancel download' : 'Cancel start'}
            </Button>
          )}
        </>
      }
    >
      <p className={classes.place} role="status">
        {describe(mongodb)}
        {inUse === 'mongodb' && (
          <Copyable text={mongodb.folder} label="Copy path">
            <span className="mono">{mongodb.folder}</span>
          </Copyable>
        )}
      </p>
      {state === 'downloading' && (
        <Progress
          aria-label="Download of MongoDB"
          value={mongodb.total === 0 ? 0 : (100 * mongodb.received) / mongodb.total}
        />
      )}
      {mongodb.failure !== null && (
        <p className={classes.failed}>
          {showControls(mongodb.failure.message)}. {mongodb.failure.remedy}
        </p>
      )}
      <Dialog opened={asks} onClose={() => setAsks(false)} title="Use MongoDB">
        <p className={classes.place}>
          Downloads MongoDB {version} ({MONGODB_SIZE}) from {mongodb.origin} into{' '}
          <span className="mono">{mongodb.folder}</span>. MongoDB’s own licence, the SSPL, applies to it.
        </p>
        <p className={classes.place}>
          Plugins then use it at once. What is in the local database stays there, and you can go back.
        </p>
        <DialogButtons>
          <Button onClick={() => setAsks(false)}>Cancel</Button>
          <Button
            variant="filled"
            onClick={() => {
              setAsks(false);
              downloads.startMongodb().catch((error) => console.error('MongoDB not asked for', error));
            }}
          >
            Download MongoDB
          </Button>
        </DialogButtons>
      </Dialog>
    </Panel>
  );
}

function describe({ inUse, state, version, received, total, origin }: MongodbView): string {
  if (state === 'starting') return 'Starting MongoDB…';
  if (state === 'downloading') {
    const size = total === 0 ? '' : `: ${formatBytes(received)} of ${formatBytes(total)}`;
    return `Downloading MongoDB ${version} from ${origin}${size}`;
  }
  if (inUse === 'mongodb') return `Plugins use MongoDB ${version}, downloaded; it and its data are in `;
  return 'Plugins use the local database. It speaks MongoDB’s protocol and is not MongoDB.';
}
