import { Button } from '@mantine/core';
import {
  IconAdjustments,
  IconArrowNarrowRight,
  IconCircleDashed,
  IconDatabase,
  IconFileText,
  IconFlag3,
  IconKey,
  IconMailForward,
  type IconProps,
  IconUserCircle,
  IconX,
} from '@tabler/icons-react';
import { type ComponentType, type KeyboardEvent, useState } from 'react';
import type { Provenance } from '../../../main/contract/trace.ts';
import { formatCount, showControls } from '../text/format.ts';
import { Breakable } from './breakable.tsx';
import { type ContextCell, type ContextRow, limitRows } from './context-rows.ts';
import classes from './context-view.module.css';

const SOURCE_ICON: Readonly<Record<Provenance['source'], ComponentType<IconProps>>> = {
  claim: IconKey,
  setting: IconAdjustments,
  header: IconMailForward,
  default: IconCircleDashed,
  identity: IconUserCircle,
  file: IconFileText,
  document: IconDatabase,
};

const FIRST_ROWS = 60;
const MORE_ROWS = 500;
/** Characters of a value in a row; a pinned row shows more, the Raw tab everything. */
const SHORT_VALUE = 160;
const LONG_VALUE = 4000;

export interface ContextTableProps {
  readonly rows: readonly ContextRow[];
  readonly active: string | null;
  readonly pinned: string | null;
  readonly onHover: (path: string | null) => void;
  readonly onPin: (path: string | null) => void;
}

/** Three columns, one line per field. */
export function ContextTable({ rows, active, pinned, onHover, onPin }: ContextTableProps) {
  const [limit, setLimit] = useState(FIRST_ROWS);
  const { shown, hidden } = limitRows(rows, limit);
  return (
    <div className={classes.frame}>
      <table className={classes.table} onMouseLeave={() => onHover(null)}>
        <thead>
          <tr>
            <th scope="col">Client sent</th>
            <th scope="col">Source</th>
            <th scope="col">Plugin received</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr
              key={row.path}
              tabIndex={0}
              data-active={row.path === active || undefined}
              onMouseEnter={() => onHover(row.path)}
              onFocus={() => onPin(row.path)}
              onKeyDown={moveFocus}
            >
              <ClientCell row={row} open={row.path === pinned} />
              <td>
                <ContextSource row={row} />
              </td>
              <GotCell row={row} open={row.path === pinned} />
            </tr>
          ))}
        </tbody>
      </table>
      {hidden > 0 && <MoreRows hidden={hidden} onMore={() => setLimit(limit + MORE_ROWS)} />}
    </div>
  );
}

function MoreRows({ hidden, onMore }: { readonly hidden: number; readonly onMore: () => void }) {
  return (
    <div className={classes.more}>
      {formatCount(hidden)} more client fields
      <Button size="compact-xs" onClick={onMore}>
        Show {formatCount(Math.min(hidden, MORE_ROWS))} more
      </Button>
    </div>
  );
}

function ClientCell({ row, open }: { readonly row: ContextRow; readonly open: boolean }) {
  if (row.client === null) return <td className={classes.side} />;
  return (
    <td className={classes.side}>
      <div className={classes.field}>
        <Field cell={row.client} open={open} struck={row.spoof !== null} />
        {row.spoof !== null && (
          <span className={classes.flag}>
            <IconFlag3 size={12} stroke={2} aria-hidden /> spoof
          </span>
        )}
      </div>
    </td>
  );
}

const ABSENT: Readonly<Partial<Record<ContextRow['link'], string>>> = {
  stopped: 'never ran',
  withheld: 'absent',
};

function GotCell({ row, open }: { readonly row: ContextRow; readonly open: boolean }) {
  if (row.got !== null) {
    return (
      <td className={classes.side}>
        <div className={classes.field}>
          <Field cell={row.got} open={open} struck={false} />
        </div>
      </td>
    );
  }
  return (
    <td className={classes.side}>
      <div className={classes.field}>
        {row.link === 'withheld' && (
          <span className={classes.path}>
            <Breakable text={row.path} />
          </span>
        )}
        <span className={classes.absent}>{ABSENT[row.link] ?? 'not passed'}</span>
      </div>
    </td>
  );
}

interface FieldProps {
  readonly cell: ContextCell;
  readonly open: boolean;
  readonly struck: boolean;
}

function Field({ cell, open, struck }: FieldProps) {
  const text = cell.text ?? JSON.stringify(cell.value);
  const shown = showControls(text.slice(0, open ? LONG_VALUE : SHORT_VALUE));
  const rest = text.length - (open ? LONG_VALUE : SHORT_VALUE);
  const Value = struck ? 's' : 'span';
  return (
    <>
      <span className={classes.path}>
        <Breakable text={cell.path} />
      </span>
      <Value className={classes.value} data-open={open || undefined}>
        {shown}
        {rest > 0 && '…'}
      </Value>
      {open && rest > 0 && <span className={classes.absent}>{formatCount(rest)} more characters in Raw</span>}
    </>
  );
}

/** Up and down move between rows. */
function moveFocus(event: KeyboardEvent<HTMLTableRowElement>): void {
  const row = event.currentTarget;
  let next: Element | null = null;
  if (event.key === 'ArrowDown') next = row.nextElementSibling;
  if (event.key === 'ArrowUp') next = row.previousElementSibling;
  if (!(next instanceof HTMLElement)) return;
  event.preventDefault();
  next.focus();
}

/**
 * The middle of a row: the wire from the client, cut where the runtime cut it; the source; the wire to the
 * plugin.
 */
function ContextSource({ row }: { readonly row: ContextRow }) {
  const cut = row.client !== null && row.link !== 'passed';
  return (
    <span className={classes.wires}>
      {row.client !== null && (
        <span
          className={classes.stub}
          data-whole={!cut || undefined}
          data-spoof={row.spoof !== null || undefined}
        />
      )}
      {cut && <IconX size={13} stroke={2.5} aria-label="discarded" className={classes.cut} />}
      {row.provenance !== null && <SourceLabel provenance={row.provenance} />}
      {row.got !== null && (
        <>
          {row.link !== 'passed' && <span className={classes.wire} />}
          <IconArrowNarrowRight size={14} stroke={1.75} aria-hidden className={classes.arrow} />
        </>
      )}
    </span>
  );
}

function SourceLabel({ provenance }: { readonly provenance: Provenance }) {
  const Icon = SOURCE_ICON[provenance.source];
  return (
    <span className={classes.label} data-source={provenance.source}>
      <Icon size={13} stroke={1.75} aria-hidden className={classes.labelIcon} />
      <span>
        <Breakable text={provenance.label} />
      </span>
    </span>
  );
}
