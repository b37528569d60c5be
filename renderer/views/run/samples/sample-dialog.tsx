import { Button, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { Dialog, DialogButtons } from '../../../components/layout/dialog.tsx';
import { showControls } from '../../../components/text/format.ts';
import {
  closeSampleDialog,
  confirmSampleDialog,
  nameSample,
  type SampleDialog,
  type SampleDialogState,
  sampleDialog,
  sampleProblem,
} from './sample-actions.ts';
import classes from './sample-dialog.module.css';
import { openSample, sampleOf } from './samples-store.ts';

const TITLES: Readonly<Record<SampleDialog['kind'], string>> = {
  'save-as': 'Save as sample',
  rename: 'Rename sample',
  delete: 'Delete sample?',
  changed: 'File changed on disk',
};

/** Asks for a sample's name, or to confirm that it is deleted or replaced. */
export function SampleDialogs() {
  const state = useStore(sampleDialog);
  const { dialog } = state;
  return (
    <Dialog
      opened={dialog !== null}
      onClose={closeSampleDialog}
      title={dialog === null ? '' : TITLES[dialog.kind]}
      size={420}
    >
      {dialog !== null && (
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault();
            return confirmSampleDialog();
          }}
        >
          <Fields state={state} dialog={dialog} />
        </form>
      )}
    </Dialog>
  );
}

function Fields({ state, dialog }: { readonly state: SampleDialogState; readonly dialog: SampleDialog }) {
  const file = (name: string) => `${dialog.plugin}/samples/${name === '' ? '…' : name}.json`;
  const problem = sampleProblem(state);
  const { busy, name, refusal } = state;
  if (dialog.kind === 'save-as' || dialog.kind === 'rename') {
    const isTaken =
      dialog.kind === 'save-as' && problem === null && sampleOf(dialog.plugin, name) !== undefined;
    const word = dialog.kind === 'rename' ? 'Rename' : isTaken ? 'Replace' : 'Save';
    return (
      <>
        <NameField name={name} problem={problem} />
        <Path>{file(name)}</Path>
        {isTaken && (
          <p className={classes.warning}>This sample already exists. Its content will be replaced.</p>
        )}
        <Buttons busy={busy} disabled={name === '' || problem !== null} word={word} />
      </>
    );
  }
  return (
    <>
      <Path>{file(dialog.name)}</Path>
      <p className={classes.words}>
        {dialog.kind === 'delete'
          ? 'The file is deleted from the plugin’s folder. The body stays in the editor.'
          : 'The file changed since you opened it. It was not overwritten.'}
      </p>
      {refusal !== null && (
        <p className={classes.warning} role="alert">
          {showControls(refusal)}
        </p>
      )}
      <Buttons busy={busy} disabled={false} word={dialog.kind === 'delete' ? 'Delete' : 'Replace file'}>
        {dialog.kind === 'changed' && <OpenFromDisk plugin={dialog.plugin} name={dialog.name} />}
      </Buttons>
    </>
  );
}

function NameField({ name, problem }: { readonly name: string; readonly problem: string | null }) {
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
      onChange={(event) => nameSample(event.currentTarget.value)}
    />
  );
}

function OpenFromDisk({ plugin, name }: { readonly plugin: string; readonly name: string }) {
  const sample = sampleOf(plugin, name);
  return (
    <Button
      disabled={sample?.text == null}
      onClick={() => {
        if (sample !== undefined) openSample(plugin, sample);
        closeSampleDialog();
      }}
    >
      Open file from disk
    </Button>
  );
}

function Path({ children }: { readonly children: ReactNode }) {
  return <p className={classes.path}>{children}</p>;
}

interface ButtonsProps {
  readonly busy: boolean;
  readonly disabled: boolean;
  readonly word: string;
  readonly children?: ReactNode;
}

function Buttons({ busy, disabled, word, children }: ButtonsProps) {
  return (
    <DialogButtons>
      {/* Focused when no name is asked for: a stray Enter must not delete or replace. */}
      <Button onClick={closeSampleDialog} disabled={busy} data-autofocus>
        Cancel
      </Button>
      {children}
      <Button type="submit" variant="filled" loading={busy} disabled={disabled}>
        {word}
      </Button>
    </DialogButtons>
  );
}
