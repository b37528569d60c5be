import { ActionIcon, Button, Menu, TextInput, Tooltip } from '@mantine/core';
import { IconDots, IconDownload, IconEraser, IconPlus, IconTrash, IconUpload } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { DocumentQuery } from '../../../../main/contract/data.ts';
import { KeyHint } from '../../../components/controls/key-hint.tsx';
import { useCommands } from '../../../components/controls/use-commands.ts';
import { SplitPane } from '../../../components/layout/split-pane.tsx';
import { plural } from '../../../components/text/format.ts';
import { useStores } from '../../../components/use-stores.tsx';
import type { Command } from '../../../state/app/commands.ts';
import { readyValue } from '../../../state/app/loadable.ts';
import type { DataPlace } from '../../../state/data/data-place.ts';
import { useData } from '../use-data.ts';
import classes from './collection-pane.module.css';
import { DocumentList } from './document-list.tsx';
import { DocumentPane } from './document-pane.tsx';

/** The documents of a collection that match a filter, and one of them. */
export function DocumentsTab({ place: { query, id } }: { readonly place: DataPlace }) {
  const data = useData();
  useCommands([
    step('data.next', 'Next document', 'J', () => data.selectNeighbour(1)),
    step('data.previous', 'Previous document', 'K', () => data.selectNeighbour(-1)),
    step('data.close', 'Close the document', 'Escape', () => data.select(null)),
  ]);
  return (
    <>
      <QueryBar query={query} />
      <div className={classes.content}>
        <SplitPane
          id="documents"
          initial={0.5}
          min={[200, 220]}
          first={<DocumentList selected={id} />}
          second={id === null ? null : <DocumentPane />}
        />
      </div>
    </>
  );
}

function step(id: string, title: string, keys: string, run: () => unknown): Command {
  return { id, title, group: 'This screen', keys, listed: false, run };
}

/** Filter and sort apply with Enter; what they find is counted beside them. */
function QueryBar({ query }: { readonly query: DocumentQuery }) {
  const { ui } = useStores();
  const [filter, setFilter] = useState(query.filter);
  const [sort, setSort] = useState(query.sort);
  const field = useRef<HTMLInputElement>(null);
  // The address may change by itself: back, or a link.
  useEffect(() => setFilter(query.filter), [query.filter]);
  useEffect(() => setSort(query.sort), [query.sort]);
  const apply = (next: { readonly filter: string; readonly sort: string }) =>
    ui.setParams({ filter: next.filter.trim(), sort: next.sort.trim(), id: null });
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter') apply({ filter, sort });
  };
  useCommands([
    {
      id: 'data.filter',
      title: 'Filter documents',
      group: 'This screen',
      keys: '/',
      run: () => field.current?.focus(),
    },
  ]);
  const isFiltered = query.filter !== '' || query.sort !== '';
  return (
    <search className={classes.bar}>
      <TextInput
        ref={field}
        className={classes.filter}
        aria-label="Filter, as a MongoDB query"
        placeholder="Filter, as {status: 'open'}"
        spellCheck={false}
        autoComplete="off"
        rightSection={filter === '' ? <KeyHint keys="/" /> : null}
        value={filter}
        onChange={(event) => setFilter(event.currentTarget.value)}
        onKeyDown={press}
      />
      <TextInput
        className={classes.sort}
        aria-label="Sort"
        placeholder="Sort, as {_id: -1}"
        spellCheck={false}
        autoComplete="off"
        value={sort}
        onChange={(event) => setSort(event.currentTarget.value)}
        onKeyDown={press}
      />
      <Button onClick={() => apply({ filter, sort })}>Find</Button>
      {isFiltered && (
        <Button
          variant="subtle"
          onClick={() => {
            setFilter('');
            setSort('');
            apply({ filter: '', sort: '' });
          }}
        >
          Clear
        </Button>
      )}
      <DocumentCount />
      <CollectionMenu query={query} />
    </search>
  );
}

function DocumentCount() {
  const count = useStore(useData().documents.store, (state) => readyValue(state.count));
  return (
    <span className={classes.count} role="status" aria-label="Number of documents">
      {count === undefined ? '' : plural(count, 'document')}
    </span>
  );
}

function CollectionMenu({ query }: { readonly query: DocumentQuery }) {
  const data = useData();
  const { dialogs } = data;
  const { database, collection, filter } = query;
  const count = useStore(data.documents.store, (state) => readyValue(state.count) ?? null);
  const insert = () => dialogs.ask({ kind: 'insert', database, collection, text: '{\n  \n}', isNew: false });
  const actions: readonly (Command & { readonly about?: string })[] = [
    item('data.import', 'Import documents', IconUpload, () => dialogs.pickImport({ database, collection }), {
      about: 'A JSON array, or one document a line',
    }),
    item('data.export-lines', 'Export as JSON lines', IconDownload, () => data.exportShown('lines'), {
      about: 'What the filter finds, as Extended JSON',
    }),
    item('data.export-array', 'Export as a JSON array', IconDownload, () => data.exportShown('array'), {}),
    item(
      'data.delete-matching',
      filter === '' ? 'Delete all documents' : 'Delete all matching documents',
      IconEraser,
      () => dialogs.askToDelete({ database, collection, filter }),
      {},
    ),
    item(
      'data.drop',
      'Drop collection',
      IconTrash,
      () => dialogs.ask({ kind: 'drop', database, collection, count: filter === '' ? count : null }),
      {},
    ),
  ];
  useCommands([
    {
      id: 'data.insert',
      title: 'Insert a document',
      group: 'This screen',
      keys: 'N',
      icon: IconPlus,
      run: insert,
    },
    ...actions,
  ]);
  return (
    <>
      <Tooltip label="Insert a document (N)">
        <Button leftSection={<IconPlus size={14} />} onClick={insert}>
          Insert
        </Button>
      </Tooltip>
      <Menu width={280}>
        <Menu.Target>
          <ActionIcon aria-label="More for this collection" size={28}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {actions.map(({ id, title, icon: Icon, about, run }) => (
            <Menu.Item key={id} leftSection={Icon && <Icon size={15} />} onClick={() => run()}>
              {title}
              {about !== undefined && <span className={classes.about}>{about}</span>}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

function item(
  id: string,
  title: string,
  icon: NonNullable<Command['icon']>,
  run: () => unknown,
  more: Pick<Command, 'about'>,
): Command {
  return { id, title, group: 'This screen', icon, run, ...more };
}
