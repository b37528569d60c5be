import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { useStores } from '../../../components/use-stores.tsx';
import classes from './clause-list.module.css';

/** Why clauses can't be checked again now; null when they can. */
export function useRecheckUnavailable(readOnly: string | null): string | null {
  const { contract } = useStores();
  const busy = useStore(contract.store, ({ run }) => run !== null);
  return readOnly ?? (busy ? 'A run is in progress' : null);
}

export function ClauseAgain({
  clause,
  readOnly,
}: {
  readonly clause: string;
  readonly readOnly: string | null;
}) {
  const unavailable = useRecheckUnavailable(readOnly);
  const { contract } = useStores();
  const busy = useStore(contract.store, ({ run }) => run?.again?.includes(clause) ?? false);
  return (
    <Tooltip label={unavailable} disabled={unavailable === null || busy}>
      <Button
        size="compact-xs"
        className={classes.again ?? ''}
        leftSection={<IconRefresh size={13} />}
        loading={busy}
        data-disabled={unavailable !== null}
        aria-disabled={unavailable !== null}
        onClick={() => (unavailable === null ? contract.recheck([clause]) : undefined)}
      >
        Check again
      </Button>
    </Tooltip>
  );
}

export function GroupAgain({
  group,
  readOnly,
}: {
  readonly group: string;
  readonly readOnly: string | null;
}) {
  const unavailable = useRecheckUnavailable(readOnly);
  const { contract } = useStores();
  if (unavailable !== null) return null;
  const label = `Check “${group}” again`;
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} onClick={() => contract.recheckGroup(group)}>
        <IconRefresh size={14} />
      </ActionIcon>
    </Tooltip>
  );
}
