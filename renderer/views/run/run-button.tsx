import { Button } from '@mantine/core';
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { RuntimeSnapshot } from '../../../main/contract/snapshot.ts';
import { formatDuration, formatLimit } from '../../components/format.ts';
import { KeyHint } from '../../components/key-hint.tsx';
import { useCommands } from '../../components/use-commands.ts';
import { readyValue } from '../../state/loadable.ts';
import { runtimeStore } from '../../state/runtime.ts';
import classes from './run-button.module.css';
import { countdown } from './run-model.ts';
import { cancelRun, type Run, runStore } from './run-store.ts';
import { useElapsed } from './use-elapsed.ts';

/** Run; while a call runs, its countdown against the timeout and Cancel stand in its place. */
export function RunButton({ disabled }: { readonly disabled: boolean }) {
  const running = useStore(runStore, (state) => state.running);
  if (running !== null) return <Countdown run={running} />;
  return (
    <Button
      type="submit"
      variant="filled"
      disabled={disabled}
      leftSection={<IconPlayerPlay size={14} />}
      rightSection={
        <span className={classes.keys}>
          <KeyHint keys="mod+Enter" />
        </span>
      }
    >
      Run
    </Button>
  );
}

function Countdown({ run }: { readonly run: Run }) {
  const cancelling = useStore(runStore, (state) => state.cancelling);
  const elapsed = useElapsed(run.startedAt);
  useCommands([
    {
      id: 'run.cancel',
      title: 'Cancel the call',
      group: 'This screen',
      icon: IconPlayerStop,
      keys: 'Escape',
      inFields: true,
      run: cancelRun,
    },
  ]);
  const { fraction, leftMs, over } = countdown(0, elapsed, run.timeoutMs);
  const held = useStore(runtimeStore, ({ snapshot }) => isHeld(readyValue(snapshot), run.plugin));
  const words = held ? 'Held by a debugger' : over ? 'Past the timeout…' : `${formatDuration(leftMs)} left`;
  return (
    <span className={classes.countdown}>
      <Ring fraction={held ? 0 : fraction} />
      <span
        role="timer"
        className={classes.left}
        aria-label={held ? words : `${words} of ${formatLimit(run.timeoutMs)}`}
        data-testid="countdown"
      >
        {words}
        {!held && <span className={classes.of}> of {formatLimit(run.timeoutMs)}</span>}
      </span>
      <Button
        leftSection={<IconPlayerStop size={14} />}
        rightSection={<KeyHint keys="Esc" />}
        onClick={cancelRun}
        disabled={cancelling}
      >
        {cancelling ? 'Cancelling…' : 'Cancel'}
      </Button>
    </span>
  );
}

/** A debugger is attached to the plugin: its deadline stands still. */
function isHeld(snapshot: RuntimeSnapshot | undefined, plugin: string): boolean {
  return snapshot?.plugins.find(({ name }) => name === plugin)?.debug?.attached === true;
}

const RADIUS = 8;
const AROUND = 2 * Math.PI * RADIUS;

/** A ring that empties as the timeout comes near. */
function Ring({ fraction }: { readonly fraction: number }) {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" className={classes.ring}>
      <circle cx="10" cy="10" r={RADIUS} className={classes.track} />
      <circle
        cx="10"
        cy="10"
        r={RADIUS}
        className={classes.rest}
        data-late={fraction > 0.8 || undefined}
        strokeDasharray={`${AROUND * (1 - fraction)} ${AROUND}`}
        transform="rotate(-90 10 10)"
      />
    </svg>
  );
}
