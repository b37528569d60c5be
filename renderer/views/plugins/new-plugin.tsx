import { Button, TextInput } from '@mantine/core';
import { useStore } from 'zustand';
import { Dialog, DialogButtons } from '../../components/layout/dialog.tsx';
import { ENTRY_FILES } from '../../components/plugin/language.ts';
import { LanguageChoice } from '../../components/plugin/language-choice.tsx';
import { readyValue } from '../../state/app/loadable.ts';
import { runtimeStore } from '../../state/app/runtime.ts';
import {
  chooseLanguage,
  closeNewPlugin,
  createNewPlugin,
  nameNewPlugin,
  newPluginStore,
  problemOf,
} from '../../state/plugins/new-plugin.ts';
import classes from './new-plugin.module.css';

/** Name and language, then the plugin is there and runs. */
export function NewPluginDialog() {
  const open = useStore(newPluginStore, (state) => state.open);
  return (
    <Dialog opened={open} onClose={closeNewPlugin} title="New plugin" size={440}>
      <Form />
    </Dialog>
  );
}

function Form() {
  const state = useStore(newPluginStore);
  const folder = useStore(runtimeStore, ({ snapshot }) => readyValue(snapshot)?.folder.path ?? 'plugins');
  const problem = problemOf(state);
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        return createNewPlugin();
      }}
    >
      <TextInput
        label="Name"
        description="Letters, digits, _ and -. It is the last part of the plugin’s address."
        placeholder="greeter"
        data-autofocus
        autoComplete="off"
        spellCheck={false}
        maxLength={100}
        value={state.name}
        error={problem}
        onChange={(event) => nameNewPlugin(event.currentTarget.value)}
      />
      <LanguageChoice value={state.language} onChange={chooseLanguage} />
      <p className={classes.path}>
        <span className="mono">
          {folder}/{state.name || '…'}/{ENTRY_FILES[state.language]}
        </span>
      </p>
      <DialogButtons>
        <Button onClick={closeNewPlugin} disabled={state.busy}>
          Cancel
        </Button>
        <Button
          type="submit"
          variant="filled"
          loading={state.busy}
          disabled={state.name === '' || problem !== null}
        >
          Create
        </Button>
      </DialogButtons>
    </form>
  );
}
