import { Button, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { Dialog, DialogButtons } from '../../../components/layout/dialog.tsx';
import { showControls } from '../../../components/text/format.ts';
import { useStores } from '../../../components/use-stores.tsx';
import {
  type SampleDialog,
  type SampleDialogState,
  sampleProblem,
} from '../../../state/run/sample-dialog.ts';
import { findSample } from '../../../state/run/samples-store.ts';
import classes from './sample-dialog.module.css';

const TITLES: Readonly<Record<SampleDialog['kind'], string>> = {
  'save-as': 'Save as sample',
  rename: 'Rename sample',
  delete: 'Delete sample?',
  changed: 'File changed on disk',
};

/** Asks for a sample's name, or to confirm that it is deleted or replaced. */
export function SampleDialogs() {
  const { sampleDialog } = useStores();
  const state = useStore(sampleDialog.store);
  const { dialog } = state;
  return (
    <Dialog
      opened={dialog !== null}
      onClose={sampleDialog.close}
      title={dialog === null ? '' : TITLES[dialog.kind]}
      size={420}
    >
      {dialog !== null && (
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault();
            return sampleDialog.confirm();
          }}
        >
          <Fields state={state} dialog={dialog} />
        </form>
      )}
    </Dialog>
  );
}

interface FieldsProps {
  readonly state: SampleDialogState;
  readonly dialog: SampleDialog;
}

function Fields({ state, dialog }: FieldsProps) {
  if (dialog.kind === 'save-as' || dialog.kind === 'rename')
    return <NameFields state={state} dialog={dialog} />;
  return (
    <>
      <FilePath plugin={dialog.plugin} name={dialog.name} />
      <p className={classes.words}>
        {dialog.kind === 'delete'
          ? 'The file is deleted from the plugin’s folder. The body stays in the editor.'
          : 'The file changed since you opened it. It was not overwritten.'}
      </p>
      {state.refusal !== null && (
        <p className={classes.warning} role="alert">
          {showControls(state.refusal)}
        </p>
      )}
      <Buttons
        busy={state.busy}
        disabled={false}
        label={dialog.kind === 'delete' ? 'Delete' : 'Replace file'}
      >
        {dialog.kind === 'changed' && <OpenFromDisk plugin={dialog.plugin} name={dialog.name} />}
      </Buttons>
    </>
  );
}

/** Asks for the name to save or rename to. */
function NameFields({ state, dialog }: FieldsProps) {
  const samples = useStore(useStores().samples.store);
  const { busy, name } = state;
  const problem = sampleProblem(state, samples);
  const exists = findSample(samples.byPlugin.get(dialog.plugin), name) !== undefined;
  const replaces = dialog.kind === 'save-as' && problem === null && exists;
  const save = replaces ? 'Replace' : 'Save';
  return (
    <>
      <NameField name={name} problem={problem} />
      <FilePath plugin={dialog.plugin} name={name} />
      {replaces && (
        <p className={classes.warning}>This sample already exists. Its content will be replaced.</p>
      )}
      <Buttons
        busy={busy}
        disabled={name === '' || problem !== null}
        label={dialog.kind === 'rename' ? 'Rename' : save}
      />
    </>
  );
}

function NameField({ name, problem }: { readonly name: string; readonly problem: string | null }) {
  const { sampleDialog } = useStores();
  return (
    <TextInput
      label="Name"
      description="Letters, digits, _ and -"
      placeholder="first-order"
      data-autofocus
      classNames={{ description: classes.description ?? '' }}
      autoComplete="off"
      spellCheck={false}
      maxLength={100}
      value={name}
      error={problem === null ? undefined : showControls(problem)}
      onChange={(event) => sampleDialog.setName(event.currentTarget.value)}
    />
  );
}

function OpenFromDisk({ plugin, name }: { readonly plugin: string; readonly name: string }) {
  const { samples, sampleDialog } = useStores();
  const sample = samples.find(plugin, name);
  return (
    <Button
      disabled={sample?.text == null}
      onClick={() => {
        if (sample !== undefined) samples.open(plugin, sample);
        sampleDialog.close();
      }}
    >
      Open file from disk
    </Button>
  );
}

function FilePath({ plugin, name }: { readonly plugin: string; readonly name: string }) {
  return (
    <p className={classes.path}>
      {plugin}/samples/{name === '' ? '…' : name}.json
    </p>
  );
}

interface ButtonsProps {
  readonly busy: boolean;
  readonly disabled: boolean;
  readonly label: string;
  readonly children?: ReactNode;
}

function Buttons({ busy, disabled, label, children }: ButtonsProps) {
  const { sampleDialog } = useStores();
  return (
    <DialogButtons>
      {/* Focused when no name is asked for: a stray Enter must not delete or replace. */}
      <Button onClick={sampleDialog.close} disabled={busy} data-autofocus>
        Cancel
      </Button>
      {children}
      <Button type="submit" variant="filled" loading={busy} disabled={disabled}>
        {label}
      </Button>
    </DialogButtons>
  );
}
