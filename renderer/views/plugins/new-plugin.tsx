import { Button, TextInput } from '@mantine/core';
import { useStore } from 'zustand';
import { Dialog, DialogButtons } from '../../components/layout/dialog.tsx';
import { ENTRY_FILES } from '../../components/plugin/language.ts';
import { LanguageChoice } from '../../components/plugin/language-choice.tsx';
import { useStores } from '../../components/use-stores.tsx';
import { readyValue } from '../../state/app/loadable.ts';
import classes from './new-plugin.module.css';

/** Asks for a name and a language, then creates the plugin. */
export function NewPluginDialog() {
  const stores = useStores();
  const open = useStore(stores.newPlugin.store, (state) => state.open);
  return (
    <Dialog opened={open} onClose={stores.newPlugin.close} title="New plugin" size={440}>
      <Form />
    </Dialog>
  );
}

function Form() {
  const stores = useStores();
  const state = useStore(stores.newPlugin.store);
  const folder = useStore(
    stores.runtime.store,
    ({ snapshot }) => readyValue(snapshot)?.folder.path ?? 'plugins',
  );
  const problem = stores.newPlugin.problemOf(state);
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        return stores.newPlugin.create();
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
        onChange={(event) => stores.newPlugin.setName(event.currentTarget.value)}
      />
      <LanguageChoice value={state.language} onChange={stores.newPlugin.chooseLanguage} />
      <p className={classes.path}>
        <span className="mono">
          {folder}/{state.name || '…'}/{ENTRY_FILES[state.language]}
        </span>
      </p>
      <DialogButtons>
        <Button onClick={stores.newPlugin.close} disabled={state.busy}>
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
