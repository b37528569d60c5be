import { Button } from '@mantine/core';
import { IconListDetails, IconRepeat } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { DEMO_STEPS, type DemoResult, type DemoStep } from '../../../main/contract/demo.ts';
import { Guide, type GuideStep } from '../../components/guide/guide.tsx';
import { formatDuration, formatLimit } from '../../components/text/format.ts';
import { useStores } from '../../components/use-stores.tsx';
import type { DemoState, DemoStepState } from '../../state/app/demo.ts';

const TITLES: Readonly<Record<DemoStep, string>> = {
  call: 'A good call',
  spoof: 'A spoof',
  expired: 'Expired token',
  error: 'Plugin error',
  timeout: 'Timeout',
  inside: 'Inside a call',
  reload: 'Hot reload',
};

/** Sample traffic, explained step by step; each step links to its trace. */
export function DemoGuide() {
  const stores = useStores();
  const state = useStore(stores.demo.store);
  const { phase, steps, chosen } = state;
  return (
    <Guide
      title="Contract demonstration"
      steps={DEMO_STEPS.map((step) => guideStep(step, steps[step]))}
      chosen={chosen}
      onChoose={(id) => stores.demo.showStep(id as DemoStep)}
      actions={<Actions state={state} />}
      closeLabel={phase === 'done' ? 'Close and clean up' : 'Stop and clean up'}
      onClose={stores.demo.stop}
    >
      {explain(state)}
    </Guide>
  );
}

function guideStep(step: DemoStep, { state, result }: DemoStepState): GuideStep {
  return { id: step, title: TITLES[step], state, result: result === null ? undefined : resultOf(result) };
}

function resultOf({ step, status, durationMs, reloadMs }: DemoResult): string {
  if (step === 'reload') return `live in ${formatDuration(reloadMs)}`;
  return `${status} · ${formatDuration(durationMs)}`;
}

function Actions({ state: { phase, steps, chosen } }: { state: DemoState }) {
  const stores = useStores();
  if (phase === 'failed') return <Button onClick={stores.demo.showContract}>Try again</Button>;
  if (phase !== 'done') return null;
  return (
    <>
      <Button leftSection={<IconRepeat size={14} />} onClick={() => stores.demo.repeatStep(chosen)}>
        Run again
      </Button>
      <Button
        variant="filled"
        leftSection={<IconListDetails size={14} />}
        disabled={steps[chosen].result === null}
        onClick={() => stores.demo.showStep(chosen)}
      >
        Show its trace
      </Button>
    </>
  );
}

function explain({ phase, problem, view, steps, chosen }: DemoState): ReactNode {
  if (phase === 'starting') return 'Starting a second runtime for sample traffic, with plugins of its own…';
  if (phase === 'stopping') return 'Stopping it and removing its files…';
  if (phase === 'failed') return problem;
  const step = steps[chosen];
  if (step.problem !== null) return `${TITLES[chosen]} could not be shown: ${step.problem}`;
  const limit = formatLimit(view?.timeoutMs ?? 0);
  return (
    <>
      {EXPLANATIONS[chosen](limit, step.result)}{' '}
      {view !== null && (
        <span>
          Sample traffic on <span className="mono">{view.baseUrl.replace('http://', '')}</span>; its traces
          stay in your list.
        </span>
      )}
    </>
  );
}

const EXPLANATIONS: Readonly<Record<DemoStep, (limit: string, result: DemoResult | null) => string>> = {
  call: () => 'Dana calls with a valid token. The Context tab shows the claim behind each injected value.',
  spoof: () =>
    'The body claims to be Ada, an admin of another app. The runtime replaced each of these fields.',
  expired: () => 'The same call with a token that ended an hour ago: refused before it reached the plugin.',
  error: () =>
    'Dana asks for a refund, which needs the role admin: the plugin answers with its own error code.',
  timeout: (limit) =>
    `The plugin would take 30 s. After ${limit} the answer is PLUGIN_TIMEOUT and its process is gone.`,
  inside: () =>
    'A note is stored, found again, and the runtime asked over HTTP. One query forgets the user: the trace says so.',
  reload: (_limit, result) =>
    result === null
      ? 'Its file is edited while it serves.'
      : `Its file was edited while it served: the new version answered after ${formatDuration(result.reloadMs)}.`,
};
