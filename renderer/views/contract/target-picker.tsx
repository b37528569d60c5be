import { PasswordInput, SegmentedControl, TextInput } from '@mantine/core';
import { useStore } from 'zustand';
import { checkTarget, chooseTarget, contractStore } from '../../state/contract.ts';
import classes from './contract-screen.module.css';

const TARGETS = [
  { value: 'own', label: 'This runtime' },
  { value: 'other', label: 'Another runtime' },
];

/** Which runtime the next run checks: this one, or the one at an address, with a token of the user's. */
export function TargetPicker() {
  const target = useStore(contractStore, (state) => state.target);
  return (
    <div className={classes.target}>
      <SegmentedControl
        aria-label="Runtime to check"
        data={TARGETS}
        value={target}
        onChange={(value) => chooseTarget({ target: value === 'other' ? 'other' : 'own' })}
      />
      {target === 'other' && <OtherTarget />}
    </div>
  );
}

function OtherTarget() {
  const { otherUrl, otherToken } = useStore(contractStore);
  const onEnter = (event: React.KeyboardEvent) => {
    if (event.key === 'Enter' && otherUrl.trim() !== '') checkTarget();
  };
  return (
    <>
      <TextInput
        className={classes.address}
        aria-label="Address of the runtime"
        placeholder="http://127.0.0.1:8000"
        value={otherUrl}
        spellCheck={false}
        onChange={(event) => chooseTarget({ otherUrl: event.currentTarget.value })}
        onKeyDown={onEnter}
      />
      <PasswordInput
        className={classes.token}
        aria-label="Bearer token for the runtime"
        placeholder="Bearer token, if it demands one"
        value={otherToken}
        onChange={(event) => chooseTarget({ otherToken: event.currentTarget.value })}
        onKeyDown={onEnter}
      />
    </>
  );
}
