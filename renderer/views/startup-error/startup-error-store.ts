import { createStore } from 'zustand/vanilla';
import { WorkbenchError } from '../../../main/contract/errors.ts';
import type { Trouble, TroubleCall } from '../../../main/contract/startup-error.ts';
import { failed, LOADING, type Loadable, ready } from '../../state/app/loadable.ts';

export type TroubleAction = 'retry' | 'useOtherPort';

export interface TroubleState {
  readonly trouble: Loadable<Trouble>;
  /** A start is being tried. */
  readonly busy: TroubleAction | null;
  /** Tries so far that ended as the first one did. */
  readonly vain: number;
}

export const troubleStore = createStore<TroubleState>()(() => ({ trouble: LOADING, busy: null, vain: 0 }));

/** Over the same preload as the Inspector, but answered by another door. */
const call: TroubleCall = (name, argument) => {
  if (window.workbench === undefined) throw new Error('This page belongs into the workbench’s own window');
  return (window.workbench.call as unknown as TroubleCall)(name, argument);
};

export function startTrouble(): void {
  ask('trouble').catch(show);
}

/** Tries to start again. When that succeeds the window is gone before anything could be shown. Never rejects. */
export async function tryAgain(action: TroubleAction): Promise<void> {
  if (troubleStore.getState().busy !== null) return;
  troubleStore.setState({ busy: action });
  await ask(action).catch(show);
  troubleStore.setState(({ vain }) => ({ busy: null, vain: vain + 1 }));
}

export function quit(): void {
  call('quit', null).catch(show);
}

async function ask(name: 'trouble' | TroubleAction): Promise<void> {
  const answer = await call(name, null);
  if (!answer.ok) throw new WorkbenchError(answer.error.code, answer.error.message);
  if (answer.value !== null) troubleStore.setState({ trouble: ready(answer.value) });
}

function show(error: unknown): void {
  troubleStore.setState({ trouble: failed(error) });
}
