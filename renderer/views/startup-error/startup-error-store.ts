import { createStore } from 'zustand/vanilla';
import { WorkbenchError } from '../../../main/contract/errors.ts';
import type { WorkbenchBridge } from '../../../main/contract/inspector.ts';
import type { StartupError, StartupErrorCall } from '../../../main/contract/startup-error.ts';
import { failed, LOADING, type Loadable, ready } from '../../state/app/loadable.ts';

export type StartupErrorAction = 'retry' | 'useOtherPort';

export interface StartupErrorState {
  readonly error: Loadable<StartupError>;
  /** The retry that is running. */
  readonly busy: StartupErrorAction | null;
  /** Retries so far that failed. */
  readonly failedRetries: number;
}

export type StartupErrorStore = ReturnType<typeof createStartupErrorStore>;

/** Over the same preload as the Inspector, but answered by the code that opened the window. */
export function createStartupErrorStore(workbench: WorkbenchBridge | undefined) {
  const call: StartupErrorCall = (name, argument) => {
    if (workbench === undefined) throw new Error('This page works in the workbench’s own window only');
    return (workbench.call as unknown as StartupErrorCall)(name, argument);
  };
  const store = createStore<StartupErrorState>()(() => ({ error: LOADING, busy: null, failedRetries: 0 }));

  async function ask(name: 'startupError' | StartupErrorAction): Promise<void> {
    const answer = await call(name, null);
    if (!answer.ok) throw new WorkbenchError(answer.error.code, answer.error.message);
    if (answer.value !== null) store.setState({ error: ready(answer.value) });
  }

  function show(error: unknown): void {
    store.setState({ error: failed(error) });
  }

  function load(): void {
    ask('startupError').catch(show);
  }

  /** Tries to start again. On success the window closes before anything can be shown. Never rejects. */
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
