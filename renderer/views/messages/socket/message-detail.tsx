import { ActionIcon, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useMemo } from 'react';
import { formatJson } from '../../../../main/contract/json-text.ts';
import {
  describeReceivers,
  type SocketCause,
  type SocketMessage,
} from '../../../../main/contract/sockets.ts';
import { JsonTextView } from '../../../components/json/json-view.tsx';
import { CodeBlock } from '../../../components/text/code-block.tsx';
import { ForeignText } from '../../../components/text/foreign-text.tsx';
import { formatBytes } from '../../../components/text/format.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { formatRoute } from '../../../state/app/route.ts';
import classes from './message-detail.module.css';

/** What was sent, to whom, and why. */
export function MessageDetail({ message }: { readonly message: SocketMessage }) {
  const { sockets } = useStores();
  const { user, delivered, bytes, cause, text } = message;
  return (
    <section className={classes.detail} aria-label="Message">
      <header className={classes.head}>
        <span className={classes.what}>
          <ForeignText text={`Delivered to ${describeReceivers(delivered, user)}`} /> · {formatBytes(bytes)} ·{' '}
          <Cause cause={cause} />
        </span>
        <Tooltip label="Close the message">
          <ActionIcon aria-label="Close the message" onClick={() => sockets.select(null)}>
            <IconX size={14} />
          </ActionIcon>
        </Tooltip>
      </header>
      <Payload text={text} bytes={bytes} />
    </section>
  );
}

/** A payload as JSON, numbers as they were written; one that was cut, or is none, as text. */
export function Payload({ text, bytes }: { readonly text: string; readonly bytes: number }) {
  const json = useMemo(() => formatJson(text), [text]);
  if (json !== null) return <JsonTextView text={json} maxHeight="100%" />;
  return (
    <>
      <CodeBlock text={text} wrap maxHeight="100%" />
      <p className={classes.cut}>The beginning of {formatBytes(bytes)}.</p>
    </>
  );
}

/** "talker", "POST /api/plugin-settings/notes" */
export function describeCause(cause: SocketCause): string {
  return cause.kind === 'plugin' ? cause.plugin : cause.route;
}

function Cause({ cause }: { readonly cause: SocketCause }) {
  const name = <ForeignText text={describeCause(cause)} />;
  if (cause.kind === 'route') return <span>caused by {name}</span>;
  if (cause.trace === null) return <span>sent by {name}, outside of any call</span>;
  return <a href={`#${formatRoute('traces', { item: cause.trace })}`}>sent by {name}: show the trace</a>;
}
