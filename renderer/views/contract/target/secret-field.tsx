import { PasswordInput } from '@mantine/core';
import type { KeyboardEvent } from 'react';
import { useStore } from 'zustand';
import { useStores } from '../../../components/use-stores.tsx';
import { hasTarget } from '../../../state/contract/contract-target.ts';
import classes from './target-picker.module.css';

interface SecretFieldProps {
  readonly what: 'token' | 'secret' | 'ownToken';
  readonly label: string;
  readonly hint: string;
}

/** A secret, in memory only. */
export function SecretField({ what, label, hint }: SecretFieldProps) {
  const { contractTarget } = useStores();
  const value = useStore(contractTarget.store, (state) => state[what]);
  const checkOnEnter = useCheckOnEnter();
  return (
    <PasswordInput
      className={classes.secret}
      aria-label={label}
      placeholder={hint}
      value={value}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => contractTarget.choose({ [what]: event.currentTarget.value })}
      onKeyDown={checkOnEnter}
      visibilityToggleButtonProps={{
        'aria-label': what === 'secret' ? 'Show or hide the secret' : 'Show or hide the token',
      }}
    />
  );
}

/** A key handler: Enter in a field of the target starts the run. */
export function useCheckOnEnter(): (event: KeyboardEvent) => unknown {
  const { contract, contractTarget } = useStores();
  return (event) => {
    const starts = event.key === 'Enter' && !event.defaultPrevented;
    return starts && hasTarget(contractTarget.store.getState()) ? contract.check() : undefined;
  };
}
