import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { contractStore, recheckClauses, recheckGroup } from '../../../state/contract/contract.ts';
import classes from './clause-list.module.css';

/** Why clauses can't be judged anew just now; null when they can. */
export function useHindrance(fixed: string | null): string | null {
  const busy = useStore(contractStore, ({ run }) => run !== null);
  return fixed ?? (busy ? 'A run is under way' : null);
}

export function ClauseAgain({ clause, fixed }: { readonly clause: string; readonly fixed: string | null }) {
  const hindrance = useHindrance(fixed);
  const busy = useStore(contractStore, ({ run }) => run?.again?.includes(clause) ?? false);
  return (
    <Tooltip label={hindrance} disabled={hindrance === null || busy}>
      <Button
        size="compact-xs"
        className={classes.again ?? ''}
        leftSection={<IconRefresh size={13} />}
        loading={busy}
        {...(hindrance === null ? {} : { 'data-disabled': true, 'aria-disabled': true })}
        onClick={() => {
          if (hindrance === null) recheckClauses([clause]);
        }}
      >
        Check again
      </Button>
    </Tooltip>
  );
}

export function GroupAgain({ group, fixed }: { readonly group: string; readonly fixed: string | null }) {
  const hindrance = useHindrance(fixed);
  if (hindrance !== null) return null;
  const label = `Run “${group}” again`;
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} onClick={() => recheckGroup(group)}>
        <IconRefresh size={14} />
      </ActionIcon>
    </Tooltip>
  );
}
