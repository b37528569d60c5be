import { Button } from '@mantine/core';
import { IconFileSearch, IconX } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { formatDate, plural, showControls } from '../../../components/text/format.ts';
import { useStores } from '../../../components/use-stores.tsx';
import classes from './file-banner.module.css';

/** Shows that the list is of an opened file, not of this runtime. */
export function FileBanner({ file }: { readonly file: string }) {
  const { store, load, close } = useStores().traceFiles;
  const view = useStore(store, ({ files }) => files.get(file));
  useEffect(() => {
    if (view === undefined) load().catch((error) => console.error('opened files not known', error));
  }, [view, load]);
  const exported = view?.exportedAt == null ? Number.NaN : Date.parse(view.exportedAt);
  return (
    <div className={classes.banner} role="status">
      <IconFileSearch size={15} className={classes.icon} aria-hidden />
      <span className={classes.words}>
        {view === undefined ? (
          'An opened file'
        ) : (
          <>
            {plural(view.count, 'trace')} from file{' '}
            <strong title={view.name}>{showControls(view.name)}</strong>
          </>
        )}
        , read-only
        {Number.isNaN(exported) ? null : (
          <span className={classes.dim}> · exported {formatDate(exported)}</span>
        )}
        <span className={classes.dim}> · not part of this runtime</span>
      </span>
      <Button size="compact-sm" leftSection={<IconX size={14} />} onClick={() => close(file)}>
        Close file
      </Button>
    </div>
  );
}
