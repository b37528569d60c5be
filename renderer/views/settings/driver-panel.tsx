import { Button } from '@mantine/core';
import { IconDownload, IconTrash } from '@tabler/icons-react';
import type { DriverView } from '../../../main/contract/python-driver.ts';
import { Copyable } from '../../components/controls/copy-button.tsx';
import { useCommands } from '../../components/controls/use-commands.ts';
import { Panel } from '../../components/layout/page.tsx';
import { DriverBox } from '../../components/plugin/driver-box.tsx';
import { useStores } from '../../components/use-stores.tsx';
import classes from './settings.module.css';

/** motor, which Python plugins need for a database. */
export function DriverPanel({ driver }: { driver: DriverView }) {
  const { downloads } = useStores();
  const { state, folder, refusal } = driver;
  useCommands([
    {
      id: 'settings.installMotor',
      title: 'Install motor',
      group: 'This screen',
      icon: IconDownload,
      unavailable: refusal ?? (state === 'absent' ? null : `motor is ${state}`),
      run: downloads.installDriver,
    },
    {
      id: 'settings.removeMotor',
      title: 'Remove motor',
      group: 'This screen',
      icon: IconTrash,
      unavailable: state === 'installed' ? null : 'The workbench has not installed motor',
      run: downloads.removeDriver,
    },
  ]);
  return (
    <Panel
      title="Database driver for Python"
      actions={state === 'installed' && <Button onClick={downloads.removeDriver}>Remove motor</Button>}
    >
      {state === 'installed' && folder !== null ? (
        <p className={classes.place}>
          motor is installed; Python plugins run in the workbench’s environment{' '}
          <Copyable text={folder} label="Copy path">
            <span className="mono">{folder}</span>
          </Copyable>
        </p>
      ) : (
        <>
          <p className={classes.place}>
            {refusal ??
              'Plugins use motor where your Python has it. Where it hasn’t, the workbench can install it; your Python stays as it is.'}
          </p>
          {refusal === null && <DriverBox driver={driver} />}
        </>
      )}
    </Panel>
  );
}
