import { Autocomplete, SegmentedControl, Select } from '@mantine/core';
import { useStore } from 'zustand';
import {
  type AuthMethod,
  chooseTarget,
  contractTargetStore,
} from '../../../state/contract/contract-target.ts';
import { checkOnEnter, SecretField } from './secret-field.tsx';
import { TargetOptions } from './target-options.tsx';
import classes from './target-picker.module.css';

const TARGETS = [
  { value: 'own', label: 'This runtime' },
  { value: 'other', label: 'Another runtime' },
];

const WAYS: readonly { readonly value: AuthMethod; readonly label: string }[] = [
  { value: 'none', label: 'Without a token' },
  { value: 'token', label: 'With a token' },
  { value: 'secret', label: 'With its JWT secret' },
  { value: 'own-key', label: 'With this runtime’s key' },
];

/** Which runtime the next run checks, this one or another, and how it authenticates. */
export function TargetPicker() {
  const target = useStore(contractTargetStore, (state) => state.target);
  return (
    <div className={classes.target}>
      <SegmentedControl
        aria-label="Runtime to check"
        data={TARGETS}
        value={target}
        onChange={(value) => chooseTarget({ target: value === 'other' ? 'other' : 'own' })}
      />
      {target === 'other' && <OtherTarget />}
      <TargetOptions />
    </div>
  );
}

function OtherTarget() {
  const { url, way, recent } = useStore(contractTargetStore);
  return (
    <>
      <Autocomplete
        className={classes.address}
        aria-label="Address of the runtime"
        placeholder="http://127.0.0.1:8000"
        data={recent}
        value={url}
        spellCheck={false}
        onChange={(value) => chooseTarget({ url: value })}
        onKeyDown={checkOnEnter}
      />
      <Select
        className={classes.way}
        aria-label="Authentication"
        data={WAYS}
        value={way}
        allowDeselect={false}
        onChange={(value) => chooseTarget({ way: WAYS.find((one) => one.value === value)?.value ?? 'none' })}
      />
      {way === 'token' && <SecretField what="token" label="Bearer token for the runtime" hint="eyJ…" />}
      {way === 'secret' && <SecretField what="secret" label="JWT secret of the runtime" hint="JWT_SECRET" />}
    </>
  );
}
