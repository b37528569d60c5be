import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { DialogButtons } from '../../../components/layout/dialog.tsx';
import { showControls } from '../../../components/text/format.ts';
import { readyValue } from '../../../state/app/loadable.ts';
import type { DataDialog } from '../../../state/data/data-dialog.ts';
import { useData } from '../use-data.ts';
import classes from './dialog-form.module.css';

/** The dialog of one kind. */
export type DialogOf<K extends DataDialog['kind']> = Extract<DataDialog, { readonly kind: K }>;

export interface DialogFormProps {
  /** Of the button that does it. */
  readonly label: string;
  readonly disabled?: boolean;
  /** The focus is on Cancel: a stray Enter must not delete anything. */
  readonly isQuestion?: boolean;
  readonly children: ReactNode;
}

/** What a dialog asks, why it was refused, and its buttons. */
export function DialogForm({ label, disabled = false, isQuestion = false, children }: DialogFormProps) {
  const { dialogs } = useData();
  const { busy, refusal } = useStore(dialogs.store);
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        return dialogs.confirm();
      }}
    >
      {children}
      {isQuestion && <WhoseData />}
      {refusal !== null && (
        <p className={classes.refusal} role="alert">
          {showControls(refusal)}
        </p>
      )}
      <DialogButtons>
        <Button onClick={dialogs.close} disabled={busy} data-autofocus={isQuestion || undefined}>
          Cancel
        </Button>
        <Button type="submit" variant="filled" loading={busy} disabled={disabled}>
          {label}
        </Button>
      </DialogButtons>
    </form>
  );
}

/** Before something is deleted from a database that others may be using. */
function WhoseData() {
  const view = useStore(useData().database.store, (state) => readyValue(state.view));
  if (view === undefined || view.isOwn) return null;
  return (
    <p className={classes.warning}>
      This is the MongoDB at <span className="mono">{view.address}</span>: others may be using it.
    </p>
  );
}
