import { Button, Textarea } from '@mantine/core';
import { IconEye, IconEyeOff, IconPencil, IconPlayerPlay, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { CopyButton } from '../../components/controls/copy-button.tsx';
import { readyValue } from '../../state/app/loadable.ts';
import { editClaimsOf, runWithToken, setToken, tokenStore } from '../../state/app/tokens.ts';
import classes from './token-field.module.css';

const FIELD_ID = 'token-field';

/** Puts the cursor into the token's field, once it is there. */
export function focusTokenField(): void {
  requestAnimationFrame(() => document.getElementById(FIELD_ID)?.focus());
}

/**
 * The token in place. It is a secret: masked until a deliberate click, masked again when another one comes, in this window's
 * memory alone.
 */
export function TokenField() {
  const token = useStore(tokenStore, (state) => state.token);
  const [revealed, setRevealed] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another token is masked anew
  useEffect(() => setRevealed(false), [token]);
  const Eye = revealed ? IconEyeOff : IconEye;
  return (
    <section className={classes.field}>
      <div className={classes.head}>
        <label className={classes.title} htmlFor={FIELD_ID}>
          Token
        </label>
        <span className={classes.note}>Stays on this machine, in this window’s memory; never stored.</span>
      </div>
      <Textarea
        id={FIELD_ID}
        aria-label="Token"
        placeholder="Paste a bearer token, or a whole Authorization header"
        value={token}
        onChange={(event) => setToken(event.currentTarget.value)}
        classNames={{ input: classes.input ?? '' }}
        data-masked={!revealed || undefined}
        autosize
        minRows={2}
        maxRows={revealed ? 8 : 2}
        spellCheck={false}
        autoComplete="off"
      />
      {token !== '' && (
        <div className={classes.actions}>
          <Button leftSection={<IconPlayerPlay size={14} />} onClick={runWithToken}>
            Run with it
          </Button>
          <EditButton />
          <Button leftSection={<Eye size={14} />} onClick={() => setRevealed(!revealed)}>
            {revealed ? 'Hide' : 'Reveal'}
          </Button>
          <Button leftSection={<IconX size={14} />} onClick={() => setToken('')}>
            Forget
          </Button>
          <CopyButton text={token} label="Copy token" always />
        </div>
      )}
    </section>
  );
}

function EditButton() {
  const report = useStore(tokenStore, (state) => state.report);
  const value = report === null ? undefined : readyValue(report);
  return (
    <Button
      leftSection={<IconPencil size={14} />}
      disabled={!value?.claims}
      onClick={() => value && editClaimsOf(value)}
    >
      Edit its claims
    </Button>
  );
}
