import { Autocomplete, SegmentedControl, Select } from '@mantine/core';
import { useStore } from 'zustand';
import { useStores } from '../../../components/use-stores.tsx';
import type { AuthMethod } from '../../../state/contract/contract-target.ts';
import { SecretField, useCheckOnEnter } from './secret-field.tsx';
import { TargetOptions } from './target-options.tsx';
import classes from './target-picker.module.css';

const TARGETS = [
  { value: 'own', label: 'This runtime' },
  { value: 'other', label: 'Another runtime' },
];

const AUTH_METHODS: readonly { readonly value: AuthMethod; readonly label: string }[] = [
  { value: 'none', label: 'Without a token' },
  { value: 'token', label: 'With a token' },
  { value: 'secret', label: 'With its JWT secret' },
  { value: 'own-key', label: 'With this runtime’s key' },
];

/** Which runtime the next run checks, this one or another, and how it authenticates. */
export function TargetPicker() {
  const { contractTarget } = useStores();
  const target = useStore(contractTarget.store, (state) => state.target);
  return (
    <div className={classes.target}>
      <SegmentedControl
        aria-label="Runtime to check"
        data={TARGETS}
        value={target}
        onChange={(value) => contractTarget.choose({ target: value === 'other' ? 'other' : 'own' })}
      />
      {target === 'other' && <OtherTarget />}
      <TargetOptions />
    </div>
  );
}

function OtherTarget() {
  const { contractTarget } = useStores();
  const { url, way, recent } = useStore(contractTarget.store);
  const checkOnEnter = useCheckOnEnter();
  return (
    <>
      <Autocomplete
        className={classes.address}
        aria-label="Address of the runtime"
        placeholder="http://127.0.0.1:8000"
        data={recent}
        value={url}
        spellCheck={false}
        onChange={(value) => contractTarget.choose({ url: value })}
        onKeyDown={checkOnEnter}
      />
      <Select
        className={classes.way}
        aria-label="Authentication"
        data={AUTH_METHODS}
        value={way}
        allowDeselect={false}
        onChange={(value) =>
          contractTarget.choose({ way: AUTH_METHODS.find((one) => one.value === value)?.value ?? 'none' })
        }
      />
      {way === 'token' && <SecretField what="token" label="Bearer token for the runtime" hint="eyJ…" />}
      {way === 'secret' && <SecretField what="secret" label="JWT secret of the runtime" hint="JWT_SECRET" />}
    </>
  );
}
