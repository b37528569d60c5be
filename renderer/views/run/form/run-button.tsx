import { Button } from '@mantine/core';
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { KeyHint } from '../../../components/controls/key-hint.tsx';
import { useCommands } from '../../../components/controls/use-commands.ts';
import { formatDuration, formatLimit } from '../../../components/text/format.ts';
import { useElapsed } from '../../../components/time/use-elapsed.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { type CountdownState, countdown } from '../result/run-model.ts';
import { type Running, useRunning } from '../result/use-running.ts';
import classes from './run-button.module.css';

export interface RunButtonProps {
  readonly disabled: boolean;
  /** Number of personas to run as. */
  readonly count: number;
}

/** Run; while a call is running, the time left until its timeout and Cancel instead. */
export function RunButton({ disabled, count }: RunButtonProps) {
  const running = useRunning();
  if (running !== null) return <Countdown running={running} />;
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
      {count === 1 ? 'Run' : `Run as ${count}`}
    </Button>
  );
}

function Countdown({ running }: { readonly running: Running }) {
  const { runs } = useStores();
  const { startedAt, timeoutMs, cancelling, pausedByDebugger } = running;
  const elapsed = useElapsed(startedAt);
  useCommands([
    {
      id: 'run.cancel',
      title: 'Cancel the call',
      group: 'This screen',
      icon: IconPlayerStop,
      keys: 'Escape',
      inFields: true,
      run: runs.cancel,
    },
  ]);
  const { fraction, ...left } = countdown(0, elapsed, timeoutMs);
  const text = pausedByDebugger ? 'Paused by debugger' : formatLeft(left);
  return (
    <span className={classes.countdown}>
      <Ring fraction={pausedByDebugger ? 0 : fraction} />
      <span
        role="timer"
        className={classes.left}
        aria-label={pausedByDebugger ? text : `${text} of ${formatLimit(timeoutMs)}`}
        data-testid="countdown"
      >
        {text}
        {!pausedByDebugger && <span className={classes.of}> of {formatLimit(timeoutMs)}</span>}
      </span>
      <Button
        leftSection={<IconPlayerStop size={14} />}
        rightSection={<KeyHint keys="Esc" />}
        onClick={runs.cancel}
        disabled={cancelling}
      >
        {cancelling ? 'Cancelling…' : 'Cancel'}
      </Button>
    </span>
  );
}

function formatLeft({ leftMs, over }: Pick<CountdownState, 'leftMs' | 'over'>): string {
  return over ? 'Timeout exceeded…' : `${formatDuration(leftMs)} left`;
}

const RADIUS = 8;
const AROUND = 2 * Math.PI * RADIUS;

/** A ring that empties as the timeout approaches. */
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
