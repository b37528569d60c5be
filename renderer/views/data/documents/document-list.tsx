import { Button } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';
import { memo, useCallback, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { DocumentRow } from '../../../../main/contract/data.ts';
import { RowList } from '../../../components/layout/row-list.tsx';
import { EmptyState, LoadState } from '../../../components/status/states.tsx';
import { formatBytes, shortenId, showControls } from '../../../components/text/format.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { indexOfDocument, rowAt } from '../../../state/data/documents-store.ts';
import { useData } from '../use-data.ts';
import classes from './document-list.module.css';
import { DOCUMENT_REGION } from './document-pane.tsx';

/** How long a view must last to be worth fetching. */
const SETTLE_MS = 60;

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
  const [{ first, end }, setView] = useState({ first: 0, end: 1 });
  const isMissing = [first, end - 1].some((index) => rowAt({ pages }, index) === undefined);
  useEffect(() => documents.noteView(first), [first, documents]);
  useEffect(() => {
    if (!isMissing) return;
    const timer = setTimeout(() => {
      documents.fetchRows(first, end - 1).catch((error) => console.error('documents not fetched', error));
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [first, end, isMissing, documents]);
  const noteView = useCallback((from: number, to: number) => setView({ first: from, end: to }), []);
  return (
    <RowList
      label="Documents"
      count={count}
      rowAt={(index) => rowAt({ pages }, index)}
      idOf={({ id }) => id}
      selectedAt={indexOfDocument({ pages }, selected)}
      onPress={({ id }) => data.select(id)}
      onStep={data.selectNeighbour}
      onEnter={() => document.getElementById(DOCUMENT_REGION)?.focus()}
      onView={noteView}
    >
      {(row) => <Row row={row} />}
    </RowList>
  );
}

const Row = memo(function Row({ row }: { readonly row: DocumentRow }) {
  return (
    <div className={classes.row}>
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
