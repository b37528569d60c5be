import { createStore } from 'zustand/vanilla';
import { WorkbenchError } from '../../../main/contract/errors.ts';
import type { WorkbenchBridge } from '../../../main/contract/inspector.ts';
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

export type StartupErrorStore = ReturnType<typeof createStartupErrorStore>;

/** Over the same preload as the Inspector, but answered by what shows the window. */
export function createStartupErrorStore(workbench: WorkbenchBridge | undefined) {
  const call: StartupErrorCall = (name, argument) => {
    if (workbench === undefined) throw new Error('This page works in the workbench’s own window only');
    return (workbench.call as unknown as StartupErrorCall)(name, argument);
  };
  const store = createStore<StartupErrorState>()(() => ({ trouble: LOADING, busy: null, failedRetries: 0 }));

  async function ask(name: 'trouble' | StartupErrorAction): Promise<void> {
    const answer = await call(name, null);
    if (!answer.ok) throw new WorkbenchError(answer.error.code, answer.error.message);
    if (answer.value !== null) store.setState({ trouble: ready(answer.value) });
  }

  function show(error: unknown): void {
    store.setState({ trouble: failed(error) });
  }

  function load(): void {
    ask('trouble').catch(show);
  }

  /** Tries to start again. When that succeeds the window is gone before anything could be shown. Never rejects. */
  async function tryAgain(action: StartupErrorAction): Promise<void> {
    if (store.getState().busy !== null) return;
    store.setState({ busy: action });
    await ask(action).catch(show);
    store.setState(({ failedRetries }) => ({ busy: null, failedRetries: failedRetries + 1 }));
  }

  async function quit(): Promise<void> {
    await call('quit', null).catch(show);
  }

  return { store, load, tryAgain, quit };
}
