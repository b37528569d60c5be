import { ActionIcon, Button } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle, IconPlugConnectedX, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { FolderView } from '../../../main/contract/snapshot.ts';
import { readyValue } from '../../state/app/loadable.ts';
import { formatRoute } from '../../state/app/route.ts';
import { formatClock } from '../text/format.ts';
import { useStores } from '../use-stores.tsx';
import classes from './bars.module.css';

const SHOWN = 1;

/**
 * What the user should know, in a line each: lost connection, problems with the folder, notices of the
 * runtime (can be closed).
 */
export function Notices() {
  const stores = useStores();
  const { snapshot, connection } = useStore(stores.runtime.store);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const value = readyValue(snapshot);
  // The Settings screen lists all of them itself.
  const elsewhere = useStore(stores.ui.store, ({ route }) => route.screen !== 'settings');
  const open = (value?.notices ?? []).filter((notice) => elsewhere && !closed.has(notice));
  const lost = connection.state === 'lost' ? connection.since : null;
  const folder = value && value.folder.state !== 'watching' ? value.folder : null;
  if (lost === null && folder === null && open.length === 0) return null;
  return (
    <section className={classes.notices} aria-label="Notices">
      {lost !== null && <LostNotice since={lost} />}
      {folder && <FolderNotice folder={folder} />}
      {open.slice(0, SHOWN).map((notice) => (
        <div key={notice} className={classes.notice}>
          <IconInfoCircle size={15} style={{ flex: 'none' }} aria-hidden />
          <span className={classes.noticeText}>{notice}</span>
          {open.length > SHOWN && <a href={`#${formatRoute('settings')}`}>{open.length - SHOWN} more</a>}
          <ActionIcon
            size={22}
            aria-label="Close this notice"
            onClick={() => setClosed((before) => new Set(before).add(notice))}
          >
            <IconX size={14} />
          </ActionIcon>
        </div>
      ))}
    </section>
  );
}

function LostNotice({ since }: { since: number }) {
  const stores = useStores();
  return (
    <div className={classes.notice} data-tone="bad" role="alert">
      <IconPlugConnectedX size={15} style={{ flex: 'none' }} aria-hidden />
      <span className={classes.noticeText}>
        The workbench has been unreachable since {formatClock(since)}. This page shows the state at that time;
        it reconnects automatically.
      </span>
      <Button size="compact-xs" onClick={stores.runtime.refresh}>
        Retry now
      </Button>
    </div>
  );
}

function FolderNotice({ folder }: { folder: FolderView }) {
  const what = folder.state === 'missing' ? 'doesn’t exist' : 'can’t be read';
  return (
    <div className={classes.notice} data-tone="bad" role="alert">
      <IconAlertTriangle size={15} style={{ flex: 'none' }} aria-hidden />
      <span className={classes.noticeText}>
        The plugins folder {folder.path} {what}. {folder.notice ?? 'It is loaded as soon as it exists.'}
      </span>
    </div>
  );
}
