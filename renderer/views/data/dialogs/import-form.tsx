import { Button } from '@mantine/core';
import { DialogButtons } from '../../../components/layout/dialog.tsx';
import { formatBytes, plural, showControls } from '../../../components/text/format.ts';
import { namespaceItem } from '../../../state/data/data-place.ts';
import { useData } from '../use-data.ts';
import classes from './dialog-form.module.css';
import { DialogForm, type DialogOf } from './dialog-form.tsx';

export function ImportForm({ dialog }: { readonly dialog: DialogOf<'import'> }) {
  const { file, text } = dialog;
  return (
    <DialogForm label="Import documents">
      <p className={classes.words}>
        The documents of <strong>{showControls(file)}</strong> ({formatBytes(text.length)}) are added to{' '}
        <strong>{showControls(namespaceItem(dialog))}</strong>. One whose _id is there already is left out.
      </p>
    </DialogForm>
  );
}

/** What could not be imported, and why. */
export function ImportReportView({ dialog }: { readonly dialog: DialogOf<'imported'> }) {
  const { dialogs } = useData();
  const { inserted, failed, failures } = dialog.report;
  return (
    <div className={classes.form}>
      <p className={classes.words}>
        {plural(inserted, 'document')} of {showControls(dialog.file)} imported, {failed} not:
      </p>
      <ul className={classes.failures}>
        {failures.map(({ document, reason }) => (
          <li key={document}>
            Document {document}: {showControls(reason)}
          </li>
        ))}
        {failed > failures.length && <li>{plural(failed - failures.length, 'more')}</li>}
      </ul>
      <DialogButtons>
        <Button variant="filled" data-autofocus onClick={dialogs.close}>
          Close
        </Button>
      </DialogButtons>
    </div>
  );
}
