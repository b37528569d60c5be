import { IconArrowNarrowRight } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { Trace } from '../../../main/contract/trace.ts';
import { showControls } from '../text/format.ts';
import { ClaimsPanel } from './claims-panel.tsx';
import { type ContextRow, clientSide, contextRows } from './context-rows.ts';
import { ContextTable } from './context-table.tsx';
import classes from './context-view.module.css';
import { sentence } from './explanation.ts';

export interface ContextViewProps {
  readonly trace: Trace;
  /** `fill`: as high as its parent, the table scrolls and the claims stay in sight; `flow`: as high as it needs. */
  readonly layout?: 'fill' | 'flow';
}

/** Where did each value come from? What the client sent → which claim or setting → what the plugin got. */
export function ContextView({ trace, layout = 'flow' }: ContextViewProps) {
  const rows = useMemo(() => contextRows(trace), [trace]);
  const [hovered, setHovered] = useState<string | null>(null);
  const [pinned, setPinned] = useState<string | null>(null);
  const active = rows.find((row) => row.path === (hovered ?? pinned)) ?? null;
  const claim = active?.provenance?.source === 'claim' ? active.provenance.name : null;
  return (
    <div className={classes.view} data-layout={layout}>
      <SideNote trace={trace} />
      {rows.length > 0 && (
        <>
          <ContextTable
            rows={rows}
            active={active?.path ?? null}
            pinned={pinned}
            onHover={setHovered}
            onPin={setPinned}
          />
          <RuleStrip row={active} />
        </>
      )}
      <ClaimsPanel trace={trace} claim={claim} />
    </div>
  );
}

/** Why a side of the table is empty, where it is. */
function SideNote({ trace }: { readonly trace: Trace }) {
  const side = clientSide(trace);
  const notes = [
    trace.received === null ? 'The plugin never ran, so nothing was handed to it.' : null,
    side === 'cut'
      ? 'The client’s body was too long to be kept whole: its fields can’t be told apart.'
      : null,
    side === 'not-json' ? 'The client’s body was no JSON object: it has no fields.' : null,
    side === 'none' ? noBodyWords(trace) : null,
  ].filter((note) => note !== null);
  if (notes.length === 0) return null;
  return <p className={classes.note}>{notes.join(' ')}</p>;
}

function noBodyWords({ received }: Trace): string {
  return received === null
    ? 'No body had been read by then.'
    : 'The client sent no body, which stands for {}.';
}

/** The sentence of the contract that rules the row in hand; always there, so that nothing jumps. */
function RuleStrip({ row }: { readonly row: ContextRow | null }) {
  return (
    <div className={classes.rule} data-live={row !== null || undefined} aria-live="polite">
      {row === null ? (
        <span className={classes.hint}>
          Point at a row, or move to it, to see which rule gave it its value.
        </span>
      ) : (
        <>
          <div className={classes.ruleHead}>
            <span className="mono">{showControls(row.path)}</span>
            <IconArrowNarrowRight size={14} aria-label="from" className={classes.back} />
            <span>{showControls(row.provenance?.label ?? sourceWords(row))}</span>
          </div>
          <div className={classes.ruleText}>{ruleWords(row)}</div>
        </>
      )}
    </div>
  );
}

function sourceWords(row: ContextRow): string {
  return row.link === 'removed' && row.spoof !== null ? 'set by the runtime only' : 'the client’s body';
}

function ruleWords(row: ContextRow): string {
  if (row.provenance !== null) {
    const fate =
      row.spoof === null
        ? ''
        : ` What the client sent here was ${row.spoof === 'replaced' ? 'replaced' : 'removed'}.`;
    return sentence(showControls(row.provenance.rule)) + fate;
  }
  if (row.spoof !== null) return 'Clients can never set, add to or keep a reserved key (contract §4).';
  if (row.link === 'stopped') return 'The request was refused before its body was handed on.';
  if (row.link === 'removed')
    return 'The runtime didn’t hand this key on: it could change an object’s prototype.';
  return 'The client’s own keys reach the plugin as they were sent (contract §4).';
}
