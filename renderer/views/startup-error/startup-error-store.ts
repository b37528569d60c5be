import { createStore } from 'zustand/vanilla';
import { WorkbenchError } from '../../../main/contract/errors.ts';
import type { StartupError, StartupErrorCall } from '../../../main/contract/startup-error.ts';
import { failed, LOADING, type Loadable, ready } from '../../state/app/loadable.ts';

export type StartupErrorAction = 'retry' | 'useOtherPort';

export interface StartupErrorState {
  readonly trouble: Loadable<StartupError>;
  /** A start is being tried. */
  readonly busy: StartupErrorAction | null;
  /** Tries so far that ended as the first one did. */
  readonly failedRetries: number;
}

export const startupErrorStore = createStore<StartupErrorState>()(() => ({
  trouble: LOADING,
  busy: null,
  failedRetries: 0,
}));

/** Over the same preload as the Inspector, but answered by another door. */
const call: StartupErrorCall = (name, argument) => {
  if (window.workbench === undefined) throw new Error('This page belongs into the workbench’s own window');
  return (window.workbench.call as unknown as StartupErrorCall)(name, argument);
};

export function loadStartupError(): void {
  ask('trouble').catch(show);
}

/** Tries to start again. When that succeeds the window is gone before anything could be shown. Never rejects. */
export async function tryAgain(action: StartupErrorAction): Promise<void> {
  if (startupErrorStore.getState().busy !== null) return;
  startupErrorStore.setState({ busy: action });
  await ask(action).catch(show);
  startupErrorStore.setState(({ failedRetries: vain }) => ({ busy: null, failedRetries: vain + 1 }));
}

export function quit(): void {
  call('quit', null).catch(show);
}

async function ask(name: 'trouble' | StartupErrorAction): Promise<void> {
  const answer = await call(name, null);
  if (!answer.ok) throw new WorkbenchError(answer.error.code, answer.error.message);
  if (answer.value !== null) startupErrorStore.setState({ trouble: ready(answer.value) });
}

function show(error: unknown): void {
  startupErrorStore.setState({ trouble: failed(error) });
}
