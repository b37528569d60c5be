import { Button } from '@mantine/core';
import { IconCode, IconPlayerPlay } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { CopyButton } from '../../components/controls/copy-button.tsx';
import { MINUTE_TITLES } from '../../components/guide/first-minute-titles.ts';
import { Guide, type GuideStep } from '../../components/guide/guide.tsx';
import { formatDuration } from '../../components/text/format.ts';
import { useStores } from '../../components/use-stores.tsx';
import { type FirstMinuteState, MINUTE_STEPS, type MinuteStep } from '../../state/app/first-minute.ts';

/** The steps of the first plugin, ticked as they happen. */
export function FirstMinuteGuide() {
  const stores = useStores();
  const { openFile, showContext, callPlugin } = stores.firstMinute;
  const state = useStore(stores.firstMinute.store);
  const done = state.steps.change.state === 'done';
  return (
    <Guide
      title={done ? 'All done' : 'Your first plugin'}
      steps={MINUTE_STEPS.map((step) => guideStep(step, state))}
      chosen={presentStep(state)}
      onChoose={(id) => {
        if (id === 'open') return openFile();
        if (id === 'call') return callPlugin();
        if (id === 'context') return showContext();
      }}
      actions={<Actions state={state} />}
      closeLabel="Close for good"
      onClose={stores.firstMinute.close}
    >
      {explain(state)}
    </Guide>
  );
}

function guideStep(step: MinuteStep, { steps, greenMs }: FirstMinuteState): GuideStep {
  const { state, result } = steps[step];
  const shown =
    step === 'call' && greenMs !== null
      ? `${result}, after ${formatDuration(greenMs)}`
      : (result ?? (step === 'change' ? 'your turn' : null));
  return { id: step, title: MINUTE_TITLES[step], state, result: shown ?? undefined };
}

/** The first step that is not done; a missing editor doesn't count. */
function presentStep({ steps }: FirstMinuteState): MinuteStep {
  const open = MINUTE_STEPS.find((step) => steps[step].state !== 'done' && step !== 'open');
  return open ?? 'change';
}

function Actions({ state: { steps, created } }: { state: FirstMinuteState }) {
  const stores = useStores();
  if (created === null) return null;
  if (steps.change.state === 'done') {
    return (
      <>
        <Button leftSection={<IconPlayerPlay size={14} />} onClick={() => stores.firstMinute.callPlugin()}>
          Call it again
        </Button>
        <Button variant="filled" onClick={stores.firstMinute.close}>
          Finish
        </Button>
      </>
    );
  }
  if (steps.call.state === 'failed')
    return <Button onClick={() => stores.firstMinute.callPlugin()}>Call it again</Button>;
  return (
    <>
      <CopyButton text={pathOf(created)} label="Copy path" always />
      <Button
        leftSection={<IconCode size={14} />}
        loading={steps.open.state === 'running'}
        onClick={stores.firstMinute.openFile}
      >
        Open in editor
      </Button>
    </>
  );
}

function explain({ steps, created }: FirstMinuteState): ReactNode {
  if (created === null) return null;
  if (steps.change.state === 'done') {
    return `The change was live in ${steps.change.result}, without a restart. Every call leaves a trace like this one.`;
  }
  if (steps.change.state === 'failed') {
    return `That version doesn’t load: ${steps.change.problem}. The last good one still answers; fix the file and save.`;
  }
  if (steps.call.state === 'failed')
    return `${steps.call.problem} Call it from Run, where you choose the persona.`;
  if (steps.call.state === 'running') return `Calling ${created.name} as Dana, an ordinary user…`;
  return (
    <>
      The call claimed to be someone-else: the middle column says where each value really came from. Now
      change{' '}
      <span className="mono" title={pathOf(created)}>
        {created.name}/{created.files[0]}
      </span>{' '}
      and save: watch the status bar.
      {steps.open.problem !== null && ` (${steps.open.problem}.)`}
    </>
  );
}

function pathOf({ folder, files }: NonNullable<FirstMinuteState['created']>): string {
  return `${folder}/${files[0]}`;
}
