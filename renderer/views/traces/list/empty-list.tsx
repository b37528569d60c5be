import { Button, Loader } from '@mantine/core';
import { IconListDetails, IconPlayerPlay } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { executePath } from '../../../../main/contract/http.ts';
import { EmptyState } from '../../../components/status/states.tsx';
import { CodeBlock } from '../../../components/text/code-block.tsx';
import { plural } from '../../../components/text/format.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { readyValue } from '../../../state/app/loadable.ts';
import { isFiltered } from '../../../state/traces/trace-filters.ts';
import classes from './trace-list.module.css';

/** Shown in place of rows: why there are none, or none yet. */
export function EmptyList() {
  const { traces, traceFilters } = useStores();
  const { filters, file, searched, reading, kept } = useStore(traces.store);
  if (searched !== null) {
    return (
      <EmptyState
        icon={IconListDetails}
        title="Searching…"
        text={`No match so far in the newest ${plural(searched, 'trace')} of ${plural(kept, 'trace')}.`}
        action={<Loader size="sm" />}
      />
    );
  }
  if (reading) {
    return (
      <EmptyState
        icon={IconListDetails}
        title="Reading earlier traces…"
        text="They appear here as they are read from disk."
        action={<Loader size="sm" />}
      />
    );
  }
  if (!isFiltered(filters)) return file === null ? <NoCalls /> : <EmptyFile />;
  return (
    <EmptyState
      icon={IconListDetails}
      title="No matching traces"
      text={file === null ? 'New matching traces appear here.' : 'Nothing in this file matches the filters.'}
      action={<Button onClick={traceFilters.clear}>Clear filters</Button>}
    />
  );
}

function EmptyFile() {
  return (
    <EmptyState
      icon={IconListDetails}
      title="No traces in this file"
      text="The file was exported without any traces."
    />
  );
}

/** The example plugin that answers an empty body, if present. */
const EXEMPLAR = 'hello';

/** Shown before the first call: how to send it. */
function NoCalls() {
  const { runtime, ui } = useStores();
  const snapshot = useStore(runtime.store, (state) => readyValue(state.snapshot));
  const callable = (snapshot?.plugins ?? []).filter(({ enabled, failure }) => enabled && failure === null);
  const plugin = (callable.find(({ name }) => name === EXEMPLAR) ?? callable[0])?.name;
  return (
    <EmptyState
      icon={IconListDetails}
      title="No calls yet"
      text={
        plugin === undefined
          ? 'Every call to a plugin is recorded here, refused ones too (but not what Host or Origin refuse: Settings lists those). There are no plugins yet: add one to the watched folder.'
          : 'Every call to a plugin is recorded here, refused ones too. Send the first one:'
      }
      action={
        plugin === undefined ? (
          <Button onClick={() => ui.navigate('plugins')}>Go to Plugins</Button>
        ) : (
          <div className={classes.teach}>
            <CodeBlock text={curlFor(snapshot?.baseUrl ?? '', plugin)} wrap copyLabel="Copy command" />
            <Button
              leftSection={<IconPlayerPlay size={14} />}
              onClick={() => ui.navigate('run', { item: plugin })}
            >
              Run {plugin} here
            </Button>
          </div>
        )
      }
    />
  );
}

function curlFor(baseUrl: string, plugin: string): string {
  return `curl -si -X POST ${baseUrl}${executePath(plugin)} -d '{}'`;
}
