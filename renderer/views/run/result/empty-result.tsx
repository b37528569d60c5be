import { Button } from '@mantine/core';
import { IconBraces, IconHourglass, IconPlayerPlay, IconUsers } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { fillPluginName, ROUTES } from '../../../../main/contract/http.ts';
import { KeyHint } from '../../../components/controls/key-hint.tsx';
import { EmptyState } from '../../../components/status/states.tsx';
import { showControls } from '../../../components/text/format.ts';
import { useStores } from '../../../components/use-stores.tsx';
import classes from './empty-result.module.css';
import { RecentCalls } from './recent-calls.tsx';

export interface EmptyResultProps {
  readonly plugin: string;
  readonly waiting: boolean;
  /** As several personas. */
  readonly several?: boolean;
}

/** Shown in place of the answer: how to get one, samples to start from, and recent calls. */
export function EmptyResult({ plugin, waiting, several = false }: EmptyResultProps) {
  const path = fillPluginName(ROUTES.execute, plugin === '' ? '<plugin>' : plugin);
  const empty = several ? EMPTY.several : EMPTY.one;
  return (
    <div className={classes.nothing}>
      <EmptyState
        icon={waiting ? IconHourglass : empty.icon}
        title={waiting ? 'Waiting for the answer' : empty.title}
        text={
          <>
            POST <span className="mono">{showControls(path)}</span>
            {waiting ? ' is running.' : empty.about}
            {!waiting && <KeyHint keys="mod+Enter" />}
          </>
        }
        action={waiting ? undefined : <FirstSamples plugin={plugin} />}
      />
      <RecentCalls plugin={plugin} />
    </div>
  );
}

const EMPTY = {
  one: {
    icon: IconPlayerPlay,
    title: 'No answer yet',
    about: ' is sent with the selected persona’s token. ',
  },
  several: {
    icon: IconUsers,
    title: 'Nothing to compare yet',
    about: ' is sent as every selected persona; differences from the first are marked. ',
  },
};

const SHOWN = 4;

/** The plugin's own samples, a click away. */
function FirstSamples({ plugin }: { readonly plugin: string }) {
  const { samples } = useStores();
  const list = useStore(samples.store, ({ byPlugin }) => byPlugin.get(plugin));
  if (list?.state !== 'ready') return null;
  return list.value.samples
    .filter(({ problem }) => problem === null)
    .slice(0, SHOWN)
    .map((sample) => (
      <Button
        key={sample.name}
        className={classes.sample ?? ''}
        leftSection={<IconBraces size={14} />}
        onClick={() => samples.open(plugin, sample)}
      >
        {showControls(sample.name)}
      </Button>
    ));
}
