import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { plural, showControls } from '../../../components/text/format.ts';
import { ShowAll } from '../../../components/trace/show-all.tsx';
import classes from './diff-view.module.css';
import {
  changedWords,
  type DiffPart,
  type DiffRow,
  foldEqual,
  sideBySide,
  type WordPart,
} from './text-diff.ts';

const FIRST_ROWS = 400;
/** Characters of a line; the trace itself shows it in full. */
const MAX_LINE = 2000;

export interface DiffViewProps {
  readonly a: string;
  readonly b: string;
  /** For screen readers: "Request body". */
  readonly label: string;
  /** Shown when both are empty. */
  readonly none: string;
}

/** Two texts side by side; a sign, a label and shading mark what differs, and equal parts are folded. */
export function DiffView({ a, b, label, none }: DiffViewProps) {
  const diff = useMemo(() => sideBySide(a, b), [a, b]);
  const parts = useMemo(() => foldEqual(diff.rows), [diff]);
  if (a === '' && b === '') return <p className={classes.none}>{none}</p>;
  return (
    <div className={classes.frame}>
      <p className={classes.head}>
        {diff.changes === 0 ? 'No differences.' : plural(diff.changes, 'line differs', 'lines differ')}
        {!diff.aligned && ' Too long and too different to align: shown one after the other.'}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className={classes.scroll} tabIndex={0} aria-label={label}>
        <table className={classes.table}>
          <tbody>
            <Parts parts={parts} />
          </tbody>
        </table>
      </section>
    </div>
  );
}

function Parts({ parts }: { readonly parts: readonly DiffPart[] }) {
  return parts.map((part, at) =>
    part.folded ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one comparison never move
      <Fold key={at} rows={part.rows} />
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one comparison never move
      <Rows key={at} rows={part.rows} />
    ),
  );
}

function Fold({ rows }: { readonly rows: readonly DiffRow[] }) {
  const [open, setOpen] = useState(false);
  if (open) return <Rows rows={rows} />;
  return (
    <tr className={classes.fold}>
      <td colSpan={4}>
        <Button size="compact-xs" variant="subtle" onClick={() => setOpen(true)}>
          Show {plural(rows.length, 'equal line')}
        </Button>
      </td>
    </tr>
  );
}

function Rows({ rows }: { readonly rows: readonly DiffRow[] }) {
  const [whole, setWhole] = useState(false);
  const shown = whole ? rows : rows.slice(0, FIRST_ROWS);
  return (
    <>
      {shown.map((row) => (
        <Row key={`${row.a?.number ?? ''}:${row.b?.number ?? ''}`} row={row} />
      ))}
      {rows.length > shown.length && (
        <tr>
          <td colSpan={4}>
            <ShowAll hidden={rows.length - shown.length} what="lines" onShow={() => setWhole(true)} />
          </td>
        </tr>
      )}
    </>
  );
}

function Row({ row: { kind, a, b } }: { readonly row: DiffRow }) {
  const words = kind === 'changed' && a !== null && b !== null ? changedWords(a.text, b.text) : null;
  return (
    <tr data-kind={kind}>
      <Cell line={a} kind={kind} side="a" words={words?.a ?? null} />
      <Cell line={b} kind={kind} side="b" words={words?.b ?? null} />
    </tr>
  );
}

interface CellProps {
  readonly line: DiffRow['a'];
  readonly kind: DiffRow['kind'];
  readonly side: 'a' | 'b';
  readonly words: readonly WordPart[] | null;
}

function Cell({ line, kind, side, words }: CellProps) {
  if (line === null) return <td className={classes.empty} colSpan={2} />;
  const differs = kind !== 'same';
  return (
    <>
      <td className={classes.number} data-side={differs ? side : undefined}>
        {differs && (
          <span className={classes.sign} role="img" aria-label={side === 'a' ? 'only in A' : 'only in B'}>
            {side === 'a' ? '−' : '+'}
          </span>
        )}
        {line.number}
      </td>
      <td className={classes.text} data-side={differs ? side : undefined}>
        {words === null ? cut(line.text) : <Words words={words} />}
      </td>
    </>
  );
}

function Words({ words }: { readonly words: readonly WordPart[] }) {
  return words.map(({ text, changed }, at) =>
    changed ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: words of one line never move
      <mark key={at} className={classes.word}>
        {showControls(text)}
      </mark>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: words of one line never move
      <span key={at}>{showControls(text)}</span>
    ),
  );
}

function cut(text: string): string {
  return text.length <= MAX_LINE ? showControls(text) : `${showControls(text.slice(0, MAX_LINE))}…`;
}
