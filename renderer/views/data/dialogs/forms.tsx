import { Checkbox, TextInput } from '@mantine/core';
import { JsonEditor } from '../../../components/json/json-editor.tsx';
import { useData } from '../use-data.ts';
import classes from './dialog-form.module.css';
import { DialogForm, type DialogOf } from './dialog-form.tsx';

const PLAIN = { autoComplete: 'off', spellCheck: false } as const;

/** Where the collection is not there yet, the first document makes it. */
export function InsertForm({ dialog }: { readonly dialog: DialogOf<'insert'> }) {
  const { dialogs } = useData();
  const { database, collection, text, isNew } = dialog;
  const isNamed = database.trim() !== '' && collection.trim() !== '';
  return (
    <DialogForm label="Insert document" disabled={!isNamed}>
      {isNew && (
        <div className={classes.names}>
          <TextInput
            label="Database"
            value={database}
            maxLength={63}
            onChange={(event) => dialogs.change({ ...dialog, database: event.currentTarget.value })}
            {...PLAIN}
          />
          <TextInput
            label="Collection"
            data-autofocus
            value={collection}
            maxLength={200}
            onChange={(event) => dialogs.change({ ...dialog, collection: event.currentTarget.value })}
            {...PLAIN}
          />
        </div>
      )}
      <div className={classes.editor}>
        <JsonEditor
          label={isNew ? 'First document' : 'Document'}
          height="220px"
          value={text}
          onChange={(next) => dialogs.change({ ...dialog, text: next })}
          onSubmit={dialogs.confirm}
          marksOf={noMarks}
        />
      </div>
      <p className={classes.words}>
        An _id is added unless there is one. ObjectId("…") and the like are understood.
      </p>
    </DialogForm>
  );
}

/** The runtime says what it can't read. */
function noMarks() {
  return [];
}

export function IndexForm({ dialog }: { readonly dialog: DialogOf<'create-index'> }) {
  const { dialogs } = useData();
  const { keys, unique } = dialog;
  return (
    <DialogForm label="Create index" disabled={keys.trim() === ''}>
      <TextInput
        className={classes.mono}
        label="Keys"
        description="Fields in their order: 1 ascending, -1 descending"
        placeholder="{user_id: 1, created_at: -1}"
        data-autofocus
        value={keys}
        onChange={(event) => dialogs.change({ ...dialog, keys: event.currentTarget.value })}
        {...PLAIN}
      />
      <Checkbox
        label="Unique: no two documents with the same values"
        checked={unique}
        onChange={(event) => dialogs.change({ ...dialog, unique: event.currentTarget.checked })}
      />
    </DialogForm>
  );
}

export function SnapshotForm({ dialog }: { readonly dialog: DialogOf<'snapshot'> }) {
  const { dialogs } = useData();
  const { name } = dialog;
  return (
    <DialogForm label="Take snapshot" disabled={name.trim() === ''}>
      <p className={classes.words}>A copy of all databases of this app, which stays until you delete it.</p>
      <TextInput
        label="Name"
        placeholder="before the demo"
        data-autofocus
        maxLength={60}
        value={name}
        onChange={(event) => dialogs.change({ kind: 'snapshot', name: event.currentTarget.value })}
        {...PLAIN}
      />
    </DialogForm>
  );
}
