import { IconArrowNarrowRight } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { Trace } from '../../../main/contract/trace.ts';
import { showControls } from '../text/format.ts';
import { ClaimsPanel } from './claims-panel.tsx';
import { type ContextRow, clientSide, contextRows } from './context-rows.ts';
import { ContextTable } from './context-table.tsx';
import classes from './context-view.module.css';
import { withFullStop } from './explanation.ts';

export interface ContextViewProps {
  readonly trace: Trace;
  /**
   * `fill`: as high as its parent, the table scrolls and the claims stay visible; `flow`: as high as its
   * content.
   */
  readonly layout?: 'fill' | 'flow';
}

/** No row is active, or no claim is behind it; traces of older versions name none. */
const NO_CLAIMS: readonly string[] = [];

/**
 * Where did each value come from? What the client sent → which claim or setting → what the plugin received.
 */
export function ContextView({ trace, layout = 'flow' }: ContextViewProps) {
  const rows = useMemo(() => contextRows(trace), [trace]);
  const [hovered, setHovered] = useState<string | null>(null);
  const [pinned, setPinned] = useState<string | null>(null);
  const active = rows.find((row) => row.path === (hovered ?? pinned)) ?? null;
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
      <ClaimsPanel trace={trace} highlighted={active?.provenance?.claims ?? NO_CLAIMS} />
    </div>
  );
}

/** Why a side of the table is empty. */
function SideNote({ trace }: { readonly trace: Trace }) {
  const side = clientSide(trace);
  const notes = [
    trace.received === null ? 'The plugin never ran, so it received nothing.' : null,
    side === 'cut' ? 'The client’s body was too long to record in full, so its fields are unknown.' : null,
    side === 'not-json' ? 'The client’s body was not a JSON object, so it has no fields.' : null,
    side === 'none' ? describeMissingBody(trace) : null,
  ].filter((note) => note !== null);
  if (notes.length === 0) return null;
  return <p className={classes.note}>{notes.join(' ')}</p>;
}

function describeMissingBody({ received }: Trace): string {
  return received === null
    ? 'The body had not been read yet.'
    : 'The client sent no body, which counts as {}.';
}

/** The contract's rule for the active row; always rendered, so that the layout doesn't jump. */
function RuleStrip({ row }: { readonly row: ContextRow | null }) {
  return (
    <div className={classes.rule} data-live={row !== null || undefined} aria-live="polite">
      {row === null ? (
        <span className={classes.hint}>Hover or focus a row to see the rule behind its value.</span>
      ) : (
        <>
          <div className={classes.ruleHead}>
            <span className="mono">{showControls(row.path)}</span>
            <IconArrowNarrowRight size={14} aria-label="from" className={classes.back} />
            <span>{showControls(row.provenance?.label ?? describeSource(row))}</span>
          </div>
          <div className={classes.ruleText}>{describeRule(row)}</div>
        </>
      )}
    </div>
  );
}

function describeSource(row: ContextRow): string {
  return row.link === 'removed' && row.spoof !== null ? 'reserved for the runtime' : 'the client’s body';
}

function describeRule(row: ContextRow): string {
  if (row.provenance !== null) {
    const fate = row.spoof === null ? '' : ` What the client sent here was ${row.spoof}.`;
    return withFullStop(showControls(row.provenance.rule)) + fate;
  }
  if (row.spoof !== null) return 'Clients can never set, extend or retain a reserved key (contract §4).';
  if (row.link === 'stopped') return 'The request was refused before its body was passed to the plugin.';
  if (row.link === 'removed')
    return 'The runtime did not pass this key: it could change an object’s prototype.';
  return 'The client’s own keys reach the plugin unchanged (contract §4).';
}
