import { Button, Group, Textarea } from '@mantine/core';
import { IconEye, IconEyeOff, IconKey, IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { CopyButton } from '../../components/copy-button.tsx';
import { EmptyState, LoadState } from '../../components/states.tsx';
import { inspectToken, runWithToken, setToken, tokenStore } from '../../state/tokens.ts';
import { TokenReportView } from './token-report.tsx';
import classes from './tokens.module.css';

/** A token, minted or pasted, and what it turns into. */
export function ReadToken() {
  const { token, report } = useStore(tokenStore);
  return (
    <div className={classes.read}>
      <TokenField token={token} />
      {report === null ? (
        <EmptyState
          icon={IconKey}
          title="No token yet"
          text="Mint one on the left, or paste one above: it is decoded and verified apart, step by step, and you see the context a plugin would get."
        />
      ) : (
        <LoadState load={report} what="The token’s report" onRetry={inspectToken}>
          {(value) => <TokenReportView report={value} />}
        </LoadState>
      )}
    </div>
  );
}

function TokenField({ token }: { token: string }) {
  const [revealed, setRevealed] = useState(false);
  const Eye = revealed ? IconEyeOff : IconEye;
  return (
    <section>
      <div className={classes.headingRow}>
        <h2 className={classes.heading}>Token</h2>
        {token !== '' && (
          <Group gap={6}>
            <CopyButton text={token} label="Copy token" always />
            <Button leftSection={<Eye size={14} />} onClick={() => setRevealed(!revealed)}>
              {revealed ? 'Hide' : 'Reveal'}
            </Button>
            <Button leftSection={<IconPlayerPlay size={14} />} onClick={runWithToken}>
              Run with it
            </Button>
          </Group>
        )}
      </div>
      <Textarea
        aria-label="Token"
        placeholder="Paste a bearer token"
        value={token}
        onChange={(event) => setToken(event.currentTarget.value)}
        classNames={{ input: classes.token ?? '' }}
        data-masked={!revealed || undefined}
        autosize
        minRows={2}
        maxRows={3}
        spellCheck={false}
        autoComplete="off"
      />
    </section>
  );
}
