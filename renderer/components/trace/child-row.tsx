import {
  IconAlertTriangle,
  IconChevronRight,
  IconDatabase,
  IconKey,
  type IconProps,
  IconTerminal2,
  IconWorld,
} from '@tabler/icons-react';
import { type ComponentType, memo } from 'react';
import { type ChildListStore, childRowId } from '../../state/traces/child-list-store.ts';
import { type ChildRow, isWork, type ListedRow, placeOf, tickPlaces } from '../../state/traces/child-rows.ts';
import { ChildDetail } from './child-detail.tsx';
import classes from './child-list.module.css';
import { describeRow, formatRowDuration, hasFailed, type RowText } from './child-text.ts';
import { EVENT_ICON } from './events-view.tsx';

export interface ChildRowProps {
  readonly listed: ListedRow;
  readonly scaleMs: number;
  readonly startedAt: number;
  /** Its detail is open, or it is unfolded. */
  readonly open: boolean;
  readonly tabStop: boolean;
  readonly childList: ChildListStore;
}

/** One thing that the plugin did: what, when on the scale of the steps, and what came of it. */
export const ChildRowItem = memo(function ChildRowItem(props: ChildRowProps) {
  const { listed, scaleMs, startedAt, open, tabStop, childList } = props;
  const { row, nested } = listed;
  const { key } = row;
  const failed = hasFailed(row);
  const text = describeRow(row);
  const toggle = () => toggleRow(childList, row, !open);
  return (
    <li className={classes.item} data-open={open || undefined}>
      <button
        type="button"
        id={childRowId(key)}
        className={classes.row}
        data-kind={row.kind}
        data-failed={failed || undefined}
        data-level={row.kind === 'console' ? row.line.level : undefined}
        aria-expanded={open}
        tabIndex={tabStop ? 0 : -1}
        onFocus={() => childList.setActive(key)}
        onClick={toggle}
      >
        <RowLabel row={row} text={text} nested={nested} open={open} />
        <span className={classes.track}>
          <RowBar row={row} scaleMs={scaleMs} />
        </span>
        <span className={classes.duration}>
          {isWork(row) ? formatRowDuration(row.durationMs) : `+${formatRowDuration(row.startMs)}`}
        </span>{' '}
        <RowNote row={row} note={text.note} failed={failed} />
      </button>
      {open && row.kind !== 'lines' && <ChildDetail row={row} startedAt={startedAt} />}
    </li>
  );
});

/** Opens or closes what a row has: its detail, or the lines it stands for. */
export function toggleRow(childList: ChildListStore, row: ChildRow, open: boolean): void {
  if (row.kind === 'lines') childList.unfold(row.key, open);
  else childList.setOpen(row.key, open);
}

interface RowLabelProps {
  readonly row: ChildRow;
  readonly text: RowText;
  readonly nested: boolean;
  readonly open: boolean;
}

function RowLabel({ row, text: { name, data }, nested, open }: RowLabelProps) {
  const Icon = iconOf(row);
  return (
    <span className={classes.label} data-nested={nested || undefined}>
      <IconChevronRight size={13} aria-hidden className={classes.chevron} data-open={open || undefined} />
      <Icon size={14} stroke={1.75} aria-hidden className={classes.icon} />
      <span className={classes.name}>{name}</span> <bdi className={classes.data}>{data}</bdi>{' '}
    </span>
  );
}

function iconOf(row: ChildRow): ComponentType<IconProps> {
  switch (row.kind) {
    case 'database':
      return IconDatabase;
    case 'http':
      return IconWorld;
    case 'event':
      return EVENT_ICON[row.event.kind];
    case 'console':
    case 'lines':
      return IconTerminal2;
  }
}

interface RowBarProps {
  readonly row: ChildRow;
  readonly scaleMs: number;
}

/** A bar for what took time, however little; a tick for each moment. */
function RowBar({ row, scaleMs }: RowBarProps) {
  if (row.kind === 'lines') {
    const moments = row.lines.map(({ startMs }) => startMs);
    return tickPlaces(moments, scaleMs).map((place) => <Tick key={place} place={place} />);
  }
  const left = placeOf(row.startMs, scaleMs);
  if (row.kind === 'event' || row.kind === 'console') return <Tick place={left} />;
  const width = placeOf(row.durationMs, scaleMs);
  return <span className={classes.bar} style={{ left: inSight(left), width: `${width * 100}%` }} />;
}

function Tick({ place }: { readonly place: number }) {
  return <span className={classes.tick} style={{ left: inSight(place) }} />;
}

/** Also at the very end of the scale there is room for the narrowest bar. */
function inSight(place: number): string {
  return `min(${place * 100}%, calc(100% - 3px))`;
}

interface RowNoteProps {
  readonly row: ChildRow;
  readonly note: string;
  readonly failed: boolean;
}

function RowNote({ row, note, failed }: RowNoteProps) {
  const carries = row.kind === 'http' && row.span.carriesUserJwt;
  const refused = row.kind === 'http' && (row.span.status ?? 0) >= 400;
  return (
    <span className={classes.note} data-refused={refused || undefined}>
      {failed && <IconAlertTriangle size={13} stroke={2} aria-label="failed:" className={classes.icon} />}
      <bdi className={classes.noteText}>{note}</bdi>{' '}
      {carries && (
        <span className={classes.jwt}>
          <IconKey size={12} stroke={2} aria-hidden /> carries user_jwt
        </span>
      )}
    </span>
  );
}
