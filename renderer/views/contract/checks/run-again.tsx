import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { contractStore, recheckClauses, recheckGroup } from '../../../state/contract/contract.ts';
import classes from './clause-list.module.css';

/** Why clauses can't be checked again now; null when they can. */
export function useRecheckUnavailable(fixed: string | null): string | null {
  const busy = useStore(contractStore, ({ run }) => run !== null);
  return fixed ?? (busy ? 'A run is in progress' : null);
}

export function ClauseAgain({ clause, fixed }: { readonly clause: string; readonly fixed: string | null }) {
  const unavailable = useRecheckUnavailable(fixed);
  const busy = useStore(contractStore, ({ run }) => run?.again?.includes(clause) ?? false);
  return (
    <Tooltip label={unavailable} disabled={unavailable === null || busy}>
      <Button
        size="compact-xs"
        className={classes.again ?? ''}
        leftSection={<IconRefresh size={13} />}
        loading={busy}
        {...(unavailable === null ? {} : { 'data-disabled': true, 'aria-disabled': true })}
        onClick={() => {
          if (unavailable === null) recheckClauses([clause]);
        }}
      >
        Check again
      </Button>
    </Tooltip>
  );
}

export function GroupAgain({ group, fixed }: { readonly group: string; readonly fixed: string | null }) {
  const unavailable = useRecheckUnavailable(fixed);
  if (unavailable !== null) return null;
  const label = `Check “${group}” again`;
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} onClick={() => recheckGroup(group)}>
        <IconRefresh size={14} />
      </ActionIcon>
    </Tooltip>
  );
}
