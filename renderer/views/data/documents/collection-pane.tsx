import { useEffect } from 'react';
import { PaneTabs } from '../../../components/layout/pane-tabs.tsx';
import { type DataPlace, namespaceItem } from '../../../state/data/data-place.ts';
import { useData } from '../use-data.ts';
import classes from './collection-pane.module.css';
import { DocumentsTab } from './documents-tab.tsx';
import { IndexesTab } from './indexes-tab.tsx';

/** One collection: its documents, and its indexes. */
export function CollectionPane({ place }: { readonly place: DataPlace }) {
  const data = useData();
  const { query, id } = place;
  const { database, collection, filter, sort } = query;
  useEffect(() => {
    data.documents
      .show({ database, collection, filter, sort })
      .catch((error) => console.error('documents not shown', error));
  }, [data, database, collection, filter, sort]);
  useEffect(() => {
    data.indexes.show({ database, collection }).catch((error) => console.error('indexes not shown', error));
  }, [data, database, collection]);
  useEffect(() => {
    const ref = id === null ? null : { database, collection, id };
    data.document.show(ref).catch((error) => console.error('document not shown', error));
  }, [data, database, collection, id]);
  return (
    <section className={classes.pane} aria-label={namespaceItem(query)}>
      <PaneTabs
        group="data"
        first="documents"
        panelClass={classes.panel}
        tabs={[
          {
            value: 'documents',
            title: 'Documents',
            show: () => <DocumentsTab key={namespaceItem(query)} place={place} />,
          },
          { value: 'indexes', title: 'Indexes', show: () => <IndexesTab namespace={query} /> },
        ]}
      />
    </section>
  );
}
