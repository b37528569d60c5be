import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { type DriverView, lacksDriver } from '../../../main/contract/python-driver.ts';
import { readyValue } from '../../state/app/loadable.ts';
import { CodeBlock } from '../text/code-block.tsx';
import { showControls } from '../text/format.ts';
import { useStores } from '../use-stores.tsx';
import classes from './driver-box.module.css';

/** Below an error: a way to get motor, where that is what is missing. */
export function DriverRemedy({ message }: { readonly message: string }) {
  const stores = useStores();
  const driver = useStore(stores.runtime.store, (state) => readyValue(state.snapshot)?.driver);
  // Chosen interpreters stay as they are: the error names the command for them.
  if (driver === undefined || driver.refusal !== null || !lacksDriver(message)) return null;
  return <DriverBox driver={driver} />;
}

/** Installs motor, and shows how that goes. */
export function DriverBox({ driver }: { readonly driver: DriverView }) {
  const { downloads } = useStores();
  const { state, lines, failure } = driver;
  return (
    <div className={classes.box}>
      <div className={classes.line}>
        {state === 'absent' && (
          <Button
            size="compact-xs"
            leftSection={<IconDownload size={13} />}
            onClick={downloads.installDriver}
          >
            Install motor
          </Button>
        )}
        {state === 'installing' && (
          <Button size="compact-xs" onClick={downloads.cancelDriver}>
            Cancel installation
          </Button>
        )}
        <span role="status">{describe(driver)}</span>
      </div>
      {failure !== null && (
        <p className={classes.failure}>
          {showControls(failure.message)}. {failure.remedy}
        </p>
      )}
      {state !== 'installed' && lines.length > 0 && (
        <CodeBlock text={lines.join('\n')} maxHeight={160} wrap copyLabel="Copy output" />
      )}
    </div>
  );
}

function describe({ state }: DriverView): string {
  if (state === 'installing') return 'Installing motor…';
  if (state === 'installed') return 'motor is installed: the next call loads the plugin again.';
  return 'By pip, into an environment of the workbench’s own.';
}
