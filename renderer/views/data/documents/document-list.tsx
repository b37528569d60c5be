import { Button } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';
import { type KeyboardEvent, memo, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { DocumentRow } from '../../../../main/contract/data.ts';
import { useFixedRows } from '../../../components/layout/fixed-rows.ts';
import { EmptyState, LoadState } from '../../../components/status/states.tsx';
import { formatBytes, shortenId, showControls } from '../../../components/text/format.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { indexOfDocument, rowAt } from '../../../state/data/documents-store.ts';
import { useData } from '../use-data.ts';
import classes from './document-list.module.css';
import { DOCUMENT_REGION } from './document-pane.tsx';

const ROW_HEIGHT = 32;
const OVERSCAN = 8;
/** How long a view must last to be worth fetching. */
const SETTLE_MS = 60;

const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 15,
  PageUp: -15,
  Home: -1e9,
  End: 1e9,
};

/** One document a line, of which those in view are fetched. */
export function DocumentList({ selected }: { readonly selected: string | null }) {
  const { documents } = useData();
  const load = useStore(documents.store, ({ count }) => count);
  return (
    <LoadState load={load} what="Documents" onRetry={documents.reload}>
      {(count) => (count === 0 ? <NoDocuments /> : <Rows count={count} selected={selected} />)}
    </LoadState>
  );
}

function NoDocuments() {
  const data = useData();
  const { ui } = useStores();
  const query = useStore(data.documents.store, (state) => state.query);
  if (query === null) return null;
  if (query.filter !== '') {
    return (
      <EmptyState
        icon={IconFileText}
        title="No matching documents"
        text="Nothing in this collection matches the filter."
        action={<Button onClick={() => ui.setParams({ filter: null, id: null })}>Clear filter</Button>}
      />
    );
  }
  const { database, collection } = query;
  const insert = () =>
    data.dialogs.ask({ kind: 'insert', database, collection, text: '{\n  \n}', isNew: false });
  return (
    <EmptyState
      icon={IconFileText}
      title="No documents"
      text="Documents that plugins insert here appear by themselves."
      action={<Button onClick={insert}>Insert a document</Button>}
    />
  );
}

interface RowsProps {
  readonly count: number;
  readonly selected: string | null;
}

function Rows({ count, selected }: RowsProps) {
  const data = useData();
  const { documents } = data;
  const pages = useStore(documents.store, (state) => state.pages);
  const scroller = useRef<HTMLDivElement>(null);
  const { first, end, show } = useFixedRows({
    scroller,
    count,
    rowHeight: ROW_HEIGHT,
    overscan: OVERSCAN,
    onScroll: ignoreScroll,
  });
  useEffect(() => {
    // Only a new selection scrolls.
    const at = indexOfDocument(documents.store.getState(), selected);
    if (at >= 0) show(at);
  }, [selected, show, documents]);
  const isMissing = [first, end - 1].some((index) => rowAt({ pages }, index) === undefined);
  useEffect(() => documents.noteView(first), [first, documents]);
  useEffect(() => {
    if (!isMissing) return;
    const timer = setTimeout(() => {
      documents.fetchRows(first, end - 1).catch((error) => console.error('documents not fetched', error));
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [first, end, isMissing, documents]);
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    if (step !== undefined) data.selectNeighbour(step);
    else if (event.key === 'Enter') document.getElementById(DOCUMENT_REGION)?.focus();
    else return;
    event.preventDefault();
  };
  const at = indexOfDocument({ pages }, selected);
  return (
    <div
      ref={scroller}
      className={classes.list}
      role="listbox"
      aria-label="Documents"
      tabIndex={0}
      aria-activedescendant={at >= first && at < end ? rowId(at) : undefined}
      onKeyDown={press}
    >
      <div className={classes.sizer} style={{ height: count * ROW_HEIGHT }}>
        {Array.from({ length: end - first }, (_, place) => {
          const index = first + place;
          return (
            <Row
              key={index}
              index={index}
              row={rowAt({ pages }, index)}
              isOpen={index === at}
              onPress={data.select}
            />
          );
        })}
      </div>
    </div>
  );
}

function ignoreScroll(): void {
  // Rows have no other neighbours here that would follow.
}

function rowId(index: number): string {
  return `document-row-${index}`;
}

interface RowProps {
  readonly index: number;
  /** Undefined until it is fetched. */
  readonly row: DocumentRow | undefined;
  readonly isOpen: boolean;
  readonly onPress: (id: string) => void;
}

/** The list itself has the focus and handles keys. */
const Row = memo(function Row({ index, row, isOpen, onPress }: RowProps) {
  const style = { transform: `translateY(${index * ROW_HEIGHT}px)` };
  if (row === undefined) {
    return (
      <div className={classes.row} data-pending aria-hidden style={style}>
        <span className={classes.pending} />
        <span className={classes.pending} />
      </div>
    );
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the listbox around it
    <div
      id={rowId(index)}
      className={classes.row}
      role="option"
      tabIndex={-1}
      aria-selected={isOpen}
      style={style}
      onClick={() => onPress(row.id)}
    >
      <span className={classes.id} title={showControls(row.id)}>
        {showControls(shortenId(bareId(row.id), 6))}
      </span>
      <span className={classes.text}>{showControls(row.text)}</span>
      <span className={classes.bytes}>{formatBytes(row.bytes)}</span>
    </div>
  );
});

/** An ObjectId without what every one of them has around it. */
function bareId(id: string): string {
  return /^\{"\$oid":"([\da-f]{24})"\}$/.exec(id)?.[1] ?? id;
}
