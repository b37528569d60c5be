import { IconTerminal2 } from '@tabler/icons-react';
import { useState } from 'react';
import type { ConsoleLine, Trace } from '../../../main/contract/trace.ts';
import { EmptyState } from '../status/states.tsx';
import { ForeignText } from '../text/foreign-text.tsx';
import { formatCount, formatDuration, formatTime } from '../text/format.ts';
import { EventsView } from './events-view.tsx';
import classes from './logs-view.module.css';
import { ShowAll } from './show-all.tsx';

const FIRST_LINES = 200;
const SHORT_LINE = 1000;

/** What the plugin did through stubs, and its console output, during this call. */
export function LogsView({ trace }: { readonly trace: Trace }) {
  if (trace.console.length === 0 && trace.events.length === 0) {
    return (
      <EmptyState
        icon={IconTerminal2}
        title="No console output"
        text="console.log, console.warn and similar calls appear here, with the time since the call started."
      />
    );
  }
  return (
    <div className={classes.parts}>
      <EventsView trace={trace} />
      <ConsoleLines trace={trace} />
    </div>
  );
}

/** The plugin's console output, with times since the call's start. Rendered as text only: it is untrusted. */
export function ConsoleLines({ trace }: { readonly trace: Trace }) {
  const [whole, setWhole] = useState(false);
  const lines = whole ? trace.console : trace.console.slice(0, FIRST_LINES);
  const hidden = trace.console.length - lines.length;
  if (trace.console.length === 0) return null;
  return (
    <div className={classes.frame}>
      <ol className={classes.lines}>
        {lines.map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of one trace never move
          <LogLine key={at} line={line} startedAt={trace.startedAt} />
        ))}
      </ol>
      <ShowAll hidden={hidden} what="lines" onShow={() => setWhole(true)} />
    </div>
  );
}

function LogLine({ line, startedAt }: { readonly line: ConsoleLine; readonly startedAt: number }) {
  const [whole, setWhole] = useState(false);
  const text = whole ? line.text : line.text.slice(0, SHORT_LINE);
  const hidden = line.text.length - text.length;
  return (
    <li className={classes.line} data-level={line.level}>
      <time className={classes.time} title={formatTime(startedAt + line.atMs)}>
        +{formatDuration(line.atMs)}
      </time>
      <span className={classes.level}>{line.level}</span>
      <span className={classes.text}>
        <ForeignText text={text} />
        {hidden > 0 && (
          <button type="button" className={classes.rest} onClick={() => setWhole(true)}>
            … {formatCount(hidden)} more
          </button>
        )}
      </span>
    </li>
  );
}
