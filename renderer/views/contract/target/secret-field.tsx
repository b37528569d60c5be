import { PasswordInput } from '@mantine/core';
import type { KeyboardEvent } from 'react';
import { useStore } from 'zustand';
import { checkTarget } from '../../../state/contract/contract.ts';
import { chooseTarget, contractTargetStore } from '../../../state/contract/contract-target.ts';
import classes from './target-picker.module.css';

interface SecretFieldProps {
  readonly what: 'token' | 'secret' | 'ownToken';
  readonly label: string;
  readonly hint: string;
}

/** Kept in memory only. */
export function SecretField({ what, label, hint }: SecretFieldProps) {
  const value = useStore(contractTargetStore, (state) => state[what]);
  return (
    <PasswordInput
      className={classes.secret}
      aria-label={label}
      placeholder={hint}
      value={value}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => chooseTarget({ [what]: event.currentTarget.value })}
      onKeyDown={checkOnEnter}
      visibilityToggleButtonProps={{
        'aria-label': what === 'secret' ? 'Show or hide the secret' : 'Show or hide the token',
      }}
    />
  );
}

/** Enter in a field of the target starts the run. */
export function checkOnEnter(event: KeyboardEvent): void {
  const { target, url } = contractTargetStore.getState();
  if (event.key === 'Enter' && !event.defaultPrevented && (target === 'own' || url.trim() !== ''))
    checkTarget();
}
