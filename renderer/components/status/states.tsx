import { Button, Skeleton, Stack } from '@mantine/core';
import { IconAlertTriangle, type IconProps, IconRefresh } from '@tabler/icons-react';
import type { ComponentType, ReactNode } from 'react';
import type { Failure, Loadable } from '../../state/app/loadable.ts';
import { showControls } from '../text/format.ts';
import classes from './states.module.css';

export interface EmptyStateProps {
  readonly icon?: ComponentType<IconProps>;
  readonly title: string;
  readonly text?: ReactNode;
  /** What to do next: a button, or a command to copy. */
  readonly action?: ReactNode;
}

/** Shown instead of an empty list: what would be here and what to do next. */
export function EmptyState({ icon: Icon, title, text, action }: EmptyStateProps) {
  return (
    <div className={classes.empty}>
      {Icon && <Icon size={28} stroke={1.5} aria-hidden className={classes.icon} />}
      <h2 className={classes.title}>{title}</h2>
      {text !== undefined && <div className={classes.words}>{text}</div>}
      {action !== undefined && <div className={classes.action}>{action}</div>}
    </div>
  );
}

/** Shown where something failed to load: what, why, and a retry. */
export function FailedState({
  what,
  failure,
  onRetry,
}: {
  what: string;
  failure: Failure;
  onRetry: () => void;
}) {
  return (
    <div className={classes.empty} role="alert">
      <IconAlertTriangle size={28} stroke={1.5} aria-hidden className={classes.bad} />
      <h2 className={classes.title}>{what} can’t be shown</h2>
      <div className={classes.words}>{showControls(failure.message)}</div>
      <div className={classes.action}>
        <Button leftSection={<IconRefresh size={14} />} onClick={onRetry}>
          Retry
        </Button>
      </div>
    </div>
  );
}

/** Placeholder lines while something loads. */
export function LoadingRows({ rows = 6 }: { rows?: number }) {
  return (
    <Stack gap="sm" p="md" role="status" aria-busy="true" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <Skeleton key={row} height={16} width={`${90 - ((row * 17) % 45)}%`} />
      ))}
    </Stack>
  );
}

export interface LoadStateProps<T> {
  readonly load: Loadable<T>;
  /** For "… can't be shown". */
  readonly what: string;
  readonly onRetry: () => void;
  readonly skeleton?: ReactNode;
  readonly children: (value: T, at: number) => ReactNode;
}

/** Something that is fetched, in each of its three states. */
export function LoadState<T>({ load, what, onRetry, skeleton, children }: LoadStateProps<T>) {
  if (load.state === 'loading') return skeleton ?? <LoadingRows />;
  if (load.state === 'failed') return <FailedState what={what} failure={load.error} onRetry={onRetry} />;
  return children(load.value, load.at);
}
