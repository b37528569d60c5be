import { Button } from '@mantine/core';
import { IconListDetails, IconPlayerPlay } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { executePath } from '../../../../main/contract/http.ts';
import { EmptyState } from '../../../components/status/states.tsx';
import { CodeBlock } from '../../../components/text/code-block.tsx';
import { readyValue } from '../../../state/app/loadable.ts';
import { runtimeStore } from '../../../state/app/runtime.ts';
import { navigate } from '../../../state/app/ui.ts';
import classes from './trace-list.module.css';

/** The example plugin that answers an empty body, if present. */
const EXEMPLAR = 'hello';

/** Shown before the first call: how to make it. */
export function TracesEmpty() {
  const snapshot = useStore(runtimeStore, (state) => readyValue(state.snapshot));
  const able = (snapshot?.plugins ?? []).filter(({ enabled, failure }) => enabled && failure === null);
  const plugin = (able.find(({ name }) => name === EXEMPLAR) ?? able[0])?.name;
  return (
    <EmptyState
      icon={IconListDetails}
      title="No calls yet"
      text={
        plugin === undefined
          ? 'Every call to a plugin is recorded here, refused ones too. There are no plugins yet: add one to the watched folder.'
          : 'Every call to a plugin is recorded here, refused ones too. Make the first one:'
      }
      action={
        plugin === undefined ? (
          <Button onClick={() => navigate('plugins')}>Go to Plugins</Button>
        ) : (
          <div className={classes.teach}>
            <CodeBlock text={curlFor(snapshot?.baseUrl ?? '', plugin)} wrap copyLabel="Copy command" />
            <Button
              leftSection={<IconPlayerPlay size={14} />}
              onClick={() => navigate('run', { item: plugin })}
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
