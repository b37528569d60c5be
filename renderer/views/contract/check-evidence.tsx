import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { CheckView, ExchangeView } from '../../../main/contract/conformance.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { showControls } from '../../components/format.ts';
import { contractStore, recheckClause } from '../../state/contract.ts';
import { HeadersTable } from '../traces/headers-table.tsx';
import { statusText } from '../traces/status-text.ts';
import classes from './contract-screen.module.css';

const MAX_HEIGHT = 200;

/** What a verdict rests on: the rule, expected beside observed, the request and the answer to it. */
export function CheckEvidence({ check }: { readonly check: CheckView }) {
  return (
    <div className={classes.evidence}>
      <div className={classes.ruleLine}>
        <p className={classes.rule}>{showControls(`${check.rule} (${check.place})`)}</p>
        <CheckAgain clause={check.id} />
      </div>
      <div className={classes.pair}>
        <Part title="Expected">
          <span className={classes.outcome}>{showControls(check.expected)}</span>
        </Part>
        <Part title="Observed">
          <span className={classes.outcome} data-verdict={check.verdict}>
            {check.observed === '' ? showControls(check.reason) : showControls(check.observed)}
          </span>
        </Part>
      </div>
      {check.exchanges.map((exchange, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: exchanges have no other name than their place
        <Exchange key={index} exchange={exchange} />
      ))}
    </div>
  );
}

function Exchange({ exchange: { request, answer } }: { readonly exchange: ExchangeView }) {
  return (
    <>
      <Part title="Request">
        <CodeBlock text={request} wrap maxHeight={MAX_HEIGHT} copyLabel="Copy request" />
      </Part>
      {answer !== null && (
        <Part title={`Answer: ${answer.status} ${statusText(answer.status)}`}>
          <HeadersTable headers={answer.headers} checkVersion />
          {answer.body !== '' && (
            <CodeBlock text={answer.body} wrap maxHeight={MAX_HEIGHT} copyLabel="Copy body" />
          )}
        </Part>
      )}
    </>
  );
}

function CheckAgain({ clause }: { readonly clause: string }) {
  const busy = useStore(contractStore, ({ rechecking }) => rechecking.includes(clause));
  return (
    <Button
      size="compact-xs"
      leftSection={<IconRefresh size={13} />}
      loading={busy}
      onClick={() => recheckClause(clause)}
    >
      Check again
    </Button>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={classes.part}>
      <h4 className={classes.partTitle}>{title}</h4>
      {children}
    </section>
  );
}
