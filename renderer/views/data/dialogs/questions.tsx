import { plural, showControls } from '../../../components/text/format.ts';
import { namespaceItem } from '../../../state/data/data-place.ts';
import classes from './dialog-form.module.css';
import { DialogForm, type DialogOf } from './dialog-form.tsx';

/** What is asked before something is gone for good. */

export function DeleteQuestion({ dialog }: { readonly dialog: DialogOf<'delete-matching'> }) {
  const { count, filter } = dialog;
  return (
    <DialogForm isQuestion label={`Delete ${plural(count, 'document')}`} disabled={count === 0}>
      <p className={classes.words}>
        {filter === '' ? 'All' : `The ${plural(count, 'document')} of`}{' '}
        <strong>{showControls(namespaceItem(dialog))}</strong>
        {filter === '' ? ` (${plural(count, 'document')}) are` : ' that match this filter are'} deleted for
        good.
      </p>
      {filter !== '' && <p className={classes.query}>{showControls(filter)}</p>}
    </DialogForm>
  );
}

export function DropQuestion({ dialog }: { readonly dialog: DialogOf<'drop'> }) {
  const { count } = dialog;
  return (
    <DialogForm isQuestion label="Drop collection">
      <p className={classes.words}>
        <strong>{showControls(namespaceItem(dialog))}</strong> is deleted for good, with its indexes
        {count === null ? ' and all documents.' : ` and ${plural(count, 'document')}.`}
      </p>
    </DialogForm>
  );
}

export function DropIndexQuestion({ dialog }: { readonly dialog: DialogOf<'drop-index'> }) {
  return (
    <DialogForm isQuestion label="Drop index">
      <p className={classes.words}>
        Queries of <strong>{showControls(namespaceItem(dialog))}</strong> no longer use{' '}
        <strong>{showControls(dialog.name)}</strong>; if it was unique, duplicates are let in.
      </p>
    </DialogForm>
  );
}

export function ResetQuestion() {
  return (
    <DialogForm isQuestion label="Reset database">
      <p className={classes.words}>
        All databases of this app are deleted for good: every collection, document and index. Snapshots stay.
      </p>
    </DialogForm>
  );
}

export function SnapshotQuestion({ dialog }: { readonly dialog: DialogOf<'restore' | 'delete-snapshot'> }) {
  const isRestore = dialog.kind === 'restore';
  return (
    <DialogForm isQuestion label={isRestore ? 'Restore snapshot' : 'Delete snapshot'}>
      <p className={classes.words}>
        <strong>{showControls(dialog.name)}</strong>{' '}
        {isRestore
          ? 'takes the place of all data that there is now. Take a snapshot first to be able to come back.'
          : 'is deleted for good. The data that there is now stays.'}
      </p>
    </DialogForm>
  );
}
