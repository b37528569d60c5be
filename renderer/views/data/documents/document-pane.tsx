import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconPencil, IconTrash, IconX } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { DocumentView } from '../../../../main/contract/data.ts';
import { useCommands } from '../../../components/controls/use-commands.ts';
import { JsonEditor } from '../../../components/json/json-editor.tsx';
import { JsonTextView } from '../../../components/json/json-view.tsx';
import { LoadState } from '../../../components/status/states.tsx';
import { formatBytes, showControls } from '../../../components/text/format.ts';
import { readyValue } from '../../../state/app/loadable.ts';
import { editProblem } from '../../../state/data/document-store.ts';
import { useData } from '../use-data.ts';
import classes from './document-pane.module.css';

/** Id of the open document's region: Enter in the list moves the focus there. */
export const DOCUMENT_REGION = 'document';

/** The open document, to be read or edited. */
export function DocumentPane() {
  const { document } = useData();
  const { ref, load, draft, refusal } = useStore(document.store);
  return (
    <section
      id={DOCUMENT_REGION}
      className={classes.pane}
      aria-label={`Document ${showControls(ref?.id ?? '')}`}
      tabIndex={-1}
    >
      {draft === null ? <ReadingBar /> : <EditingBar />}
      {refusal !== null && (
        <p className={classes.refusal} role="alert">
          {showControls(refusal)}
        </p>
      )}
      {draft === null ? (
        <LoadState load={load} what="The document" onRetry={document.reload}>
          {(view) => <Reading view={view} />}
        </LoadState>
      ) : (
        <div className={classes.editor}>
          <JsonEditor
            label="Document as Extended JSON"
            value={draft.text}
            onChange={document.write}
            onSubmit={document.save}
            marksOf={noMarks}
          />
        </div>
      )}
    </section>
  );
}

/** What MongoDB's shell writes is welcome, too: the runtime says what it can't read. */
function noMarks() {
  return [];
}

function Reading({ view }: { readonly view: DocumentView }) {
  const problem = editProblem(view);
  return (
    <div className={classes.reading}>
      {problem !== null && <p className={classes.note}>{problem}.</p>}
      <JsonTextView text={view.text} copyLabel="Copy document" />
    </div>
  );
}

function ReadingBar() {
  const data = useData();
  const { document } = data;
  const view = useStore(document.store, (state) => readyValue(state.load));
  const busy = useStore(document.store, (state) => state.busy);
  const problem = view === undefined ? 'No document is open' : editProblem(view);
  useCommands([
    {
      id: 'data.edit',
      title: 'Edit this document',
      group: 'This screen',
      keys: 'E',
      icon: IconPencil,
      unavailable: problem,
      run: document.edit,
    },
    {
      id: 'data.delete',
      title: 'Delete this document',
      group: 'This screen',
      keys: 'Delete',
      icon: IconTrash,
      unavailable: view === undefined ? 'No document is open' : null,
      run: document.remove,
    },
  ]);
  return (
    <header className={classes.bar}>
      <span className={classes.size}>{view === undefined ? '' : formatBytes(view.bytes)}</span>
      <Tooltip label={problem ?? 'Edit this document (E)'}>
        <Button
          leftSection={<IconPencil size={14} />}
          aria-disabled={problem !== null}
          data-disabled={problem !== null}
          onClick={document.edit}
        >
          Edit
        </Button>
      </Tooltip>
      <Tooltip label="Delete this document (Delete)">
        <Button
          leftSection={<IconTrash size={14} />}
          loading={busy}
          disabled={view === undefined}
          onClick={document.remove}
        >
          Delete
        </Button>
      </Tooltip>
      <Tooltip label="Close (Esc)">
        <ActionIcon aria-label="Close the document" onClick={() => data.select(null)}>
          <IconX size={16} />
        </ActionIcon>
      </Tooltip>
    </header>
  );
}

function EditingBar() {
  const { document } = useData();
  const busy = useStore(document.store, (state) => state.busy);
  const isChanged = useStore(
    document.store,
    ({ draft, load }) => draft !== null && readyValue(load)?.text !== draft.text,
  );
  const isOld = useStore(
    document.store,
    ({ draft, load }) => draft !== null && load.state === 'ready' && load.value.version !== draft.version,
  );
  const reload = () => {
    document.discard();
    document.edit();
  };
  useCommands([
    {
      id: 'data.save',
      title: 'Save this document',
      group: 'This screen',
      keys: 'mod+Enter',
      unavailable: isChanged ? null : 'Nothing was changed',
      run: document.save,
    },
    {
      id: 'data.discard',
      title: 'Discard the changes of this document',
      group: 'This screen',
      run: document.discard,
    },
  ]);
  return (
    <header className={classes.bar}>
      {isOld ? (
        <span className={classes.old} role="status">
          Changed meanwhile
        </span>
      ) : (
        <span className={classes.size}>Types as Extended JSON</span>
      )}
      {isOld && <Button onClick={reload}>Edit the new one</Button>}
      <Button onClick={document.discard} disabled={busy}>
        Discard
      </Button>
      <Tooltip label="Save this document (Ctrl Enter)">
        <Button variant="filled" onClick={document.save} loading={busy} disabled={!isChanged}>
          Save
        </Button>
      </Tooltip>
    </header>
  );
}
