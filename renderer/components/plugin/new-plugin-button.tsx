import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { KeyHint } from '../controls/key-hint.tsx';
import { useStores } from '../use-stores.tsx';
import classes from './new-plugin-button.module.css';

/** Opens the dialog for a new plugin, as the key N does. */
export function NewPluginButton() {
  const stores = useStores();
  return (
    <Button
      variant="filled"
      leftSection={<IconPlus size={14} />}
      rightSection={
        <span className={classes.key}>
          <KeyHint keys="N" />
        </span>
      }
      onClick={stores.newPlugin.open}
    >
      New plugin
    </Button>
  );
}
