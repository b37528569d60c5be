import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { KeyHint } from '../../components/key-hint.tsx';
import { openNewPlugin } from '../../state/plugins/new-plugin.ts';
import classes from './new-plugin.module.css';

/** Opens the dialog for a new plugin, as the key N does. */
export function NewPluginButton() {
  return (
    <Button
      variant="filled"
      leftSection={<IconPlus size={14} />}
      rightSection={
        <span className={classes.key}>
          <KeyHint keys="N" />
        </span>
      }
      onClick={openNewPlugin}
    >
      New plugin
    </Button>
  );
}
