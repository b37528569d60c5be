import { Button, Textarea } from '@mantine/core';
import { IconEye, IconEyeOff, IconPencil, IconPlayerPlay, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { CopyButton } from '../../components/controls/copy-button.tsx';
import { useStores } from '../../components/use-stores.tsx';
import { readyValue } from '../../state/app/loadable.ts';
import classes from './token-field.module.css';

const FIELD_ID = 'token-field';

/** Focuses the token field once it is rendered. */
export function focusTokenField(): void {
  requestAnimationFrame(() => document.getElementById(FIELD_ID)?.focus());
}

/**
 * The current token. It is a secret: masked until the user reveals it, masked again when it changes, and held
 * in this window's memory only.
 */
export function TokenField() {
  const { tokens } = useStores();
  const token = useStore(tokens.store, (state) => state.token);
  const [revealed, setRevealed] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every new token starts masked
  useEffect(() => setRevealed(false), [token]);
  const Eye = revealed ? IconEyeOff : IconEye;
  return (
    <section className={classes.field}>
      <div className={classes.head}>
        <label className={classes.title} htmlFor={FIELD_ID}>
          Token
        </label>
        <span className={classes.note}>Stays in this window’s memory; never stored.</span>
      </div>
      <Textarea
        id={FIELD_ID}
        aria-label="Token"
        placeholder="Paste a bearer token, or a whole Authorization header"
        value={token}
        onChange={(event) => tokens.setToken(event.currentTarget.value)}
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
          <Button leftSection={<IconPlayerPlay size={14} />} onClick={tokens.runWithToken}>
            Run with token
          </Button>
          <EditButton />
          <Button leftSection={<Eye size={14} />} onClick={() => setRevealed(!revealed)}>
            {revealed ? 'Hide' : 'Reveal'}
          </Button>
          <Button leftSection={<IconX size={14} />} onClick={() => tokens.setToken('')}>
            Clear
          </Button>
          <CopyButton text={token} label="Copy token" always />
        </div>
      )}
    </section>
  );
}

function EditButton() {
  const { tokens } = useStores();
  const report = useStore(tokens.store, (state) => state.report);
  const value = report === null ? undefined : readyValue(report);
  return (
    <Button
      leftSection={<IconPencil size={14} />}
      disabled={!value?.claims}
      onClick={() => value && tokens.editClaimsOf(value)}
    >
      Edit claims
    </Button>
  );
}
