import { useStore } from 'zustand';
import { Dialog } from '../../../components/layout/dialog.tsx';
import type { DataDialog } from '../../../state/data/data-dialog.ts';
import { useData } from '../use-data.ts';
import { IndexForm, InsertForm, SnapshotForm } from './forms.tsx';
import { ImportForm, ImportReportView } from './import-form.tsx';
import {
  DeleteQuestion,
  DropIndexQuestion,
  DropQuestion,
  ResetQuestion,
  SnapshotQuestion,
} from './questions.tsx';

const TITLES: Readonly<Record<DataDialog['kind'], string>> = {
  insert: 'Insert a document',
  import: 'Import documents',
  imported: 'Not all was imported',
  'delete-matching': 'Delete documents?',
  drop: 'Drop collection?',
  'create-index': 'Create an index',
  'drop-index': 'Drop index?',
  reset: 'Reset the database?',
  snapshot: 'Take a snapshot',
  restore: 'Restore snapshot?',
  'delete-snapshot': 'Delete snapshot?',
};

/** Asks before something is done that is not done with one click. */
export function DataDialogs() {
  const { dialogs } = useData();
  const dialog = useStore(dialogs.store, (state) => state.dialog);
  return (
    <Dialog
      opened={dialog !== null}
      onClose={dialogs.close}
      title={dialog === null ? '' : titleOf(dialog)}
      size={dialog?.kind === 'insert' ? 560 : 440}
    >
      {dialog !== null && <Content dialog={dialog} />}
    </Dialog>
  );
}

function titleOf(dialog: DataDialog): string {
  return dialog.kind === 'insert' && dialog.isNew ? 'Create a collection' : TITLES[dialog.kind];
}

function Content({ dialog }: { readonly dialog: DataDialog }) {
  switch (dialog.kind) {
    case 'insert':
      return <InsertForm dialog={dialog} />;
    case 'import':
      return <ImportForm dialog={dialog} />;
    case 'imported':
      return <ImportReportView dialog={dialog} />;
    case 'delete-matching':
      return <DeleteQuestion dialog={dialog} />;
    case 'drop':
      return <DropQuestion dialog={dialog} />;
    case 'create-index':
      return <IndexForm dialog={dialog} />;
    case 'drop-index':
      return <DropIndexQuestion dialog={dialog} />;
    case 'reset':
      return <ResetQuestion />;
    case 'snapshot':
      return <SnapshotForm dialog={dialog} />;
    case 'restore':
    case 'delete-snapshot':
      return <SnapshotQuestion dialog={dialog} />;
  }
}
