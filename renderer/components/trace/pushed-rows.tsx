import { IconSend } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { describeReceivers, type SocketMessage } from '../../../main/contract/sockets.ts';
import type { Trace } from '../../../main/contract/trace.ts';
import { settle } from '../../state/app/loadable.ts';
import { formatDuration, formatTime, showControls } from '../text/format.ts';
import { useStores } from '../use-stores.tsx';
import classes from './events-view.module.css';

/**
 * The notifications of a call, as they were pushed: that is after its end, when its trace is complete. Only the
 * runtime that pushed them remembers it.
 */
export function PushedRows({ trace }: { readonly trace: Trace }) {
  const pushed = usePushed(trace.id);
  return pushed.map(({ seq, at, user, delivered }) => (
    <li key={seq} className={classes.event} data-kind="sent">
      <time className={classes.time} title={formatTime(at)}>
        +{formatDuration(Math.max(0, at - trace.startedAt))}
      </time>
      <span className={classes.kind}>
        <IconSend size={14} stroke={2} aria-hidden />
        pushed
      </span>
      <span className={classes.what}>
        <strong>notification</strong>{' '}
        <span className={classes.detail}>
          {showControls(`delivered to ${describeReceivers(delivered, user)}`)}
        </span>
      </span>
    </li>
  ));
}

function usePushed(trace: string): readonly SocketMessage[] {
  const { inspector } = useStores();
  const [pushed, setPushed] = useState<readonly SocketMessage[]>([]);
  useEffect(() => {
    let isShown = true;
    const add = (messages: readonly SocketMessage[]) => {
      if (isShown) setPushed((before) => withNew(before, messages));
    };
    const unsubscribe = inspector.on('sockets', ({ messages }) =>
      add(messages.filter(({ cause }) => cause.kind === 'plugin' && cause.trace === trace)),
    );
    settle(inspector.call('socketsOfTrace', { trace })).then(
      (answer) => add(answer.state === 'ready' ? answer.value : []),
      (error) => console.error('pushed notifications not loaded', error),
    );
    return () => {
      isShown = false;
      unsubscribe();
      setPushed([]);
    };
  }, [inspector, trace]);
  return pushed;
}

/** Messages that plugins send themselves are events of the trace already. */
function withNew(
  before: readonly SocketMessage[],
  messages: readonly SocketMessage[],
): readonly SocketMessage[] {
  const known = new Set(before.map(({ seq }) => seq));
  const added = messages.filter(({ seq, type }) => type === 'notification · new' && !known.has(seq));
  return added.length === 0 ? before : [...before, ...added];
}
