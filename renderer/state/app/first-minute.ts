import * as z from 'zod/mini';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CreatedPlugin, PluginView } from '../../../main/contract/plugin-view.ts';
import type { Inspector } from '../../bridge.ts';
import type { Page } from '../../page.ts';
import { toFailure } from './loadable.ts';
import { persisted } from './persisted.ts';
import type { RuntimeStore } from './runtime.ts';
import type { UiStore } from './ui.ts';

/**
 * From an empty folder to a plugin that was created, called, explained and changed. Each step is ticked by
 * what actually happened.
 */

export const MINUTE_STEPS = ['create', 'open', 'call', 'context', 'change'] as const;
export type MinuteStep = (typeof MINUTE_STEPS)[number];

interface MinuteStepState {
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  /** In short: the editor's name, the status, the latency. */
  readonly result: string | null;
  readonly problem: string | null;
}

export interface FirstMinuteState {
  /** `closed`: finished or dismissed, for good. */
  readonly phase: 'offered' | 'going' | 'closed';
  readonly created: CreatedPlugin | null;
  readonly traceId: string | null;
  /** Milliseconds from the click to the first good answer; null before. */
  readonly greenMs: number | null;
  readonly steps: Readonly<Record<MinuteStep, MinuteStepState>>;
  /** Why the plugin was not created; the form shows it. */
  readonly refusal: string | null;
}

const WAITING: MinuteStepState = { state: 'waiting', result: null, problem: null };
const BEGINNING = {
  created: null,
  traceId: null,
  greenMs: null,
  steps: { create: WAITING, open: WAITING, call: WAITING, context: WAITING, change: WAITING },
  refusal: null,
} as const;
/** It claims an identity, so that the context has something to show. */
const BODY = JSON.stringify({ greeting: 'Hello', user_id: 'someone-else' });

interface FirstMinuteDeps {
  readonly page: Page;
  readonly inspector: Inspector;
  readonly runtime: RuntimeStore;
  readonly ui: UiStore;
}

interface StepRunnerDeps {
  readonly store: StoreApi<FirstMinuteState>;
  readonly inspector: Inspector;
  readonly ui: UiStore;
}

/** The steps that can be repeated one by one, each recorded in `store`. */
function createStepRunner({ store, inspector, ui }: StepRunnerDeps) {
  function note(step: MinuteStep, changes: Partial<MinuteStepState>): void {
    const { steps } = store.getState();
    store.setState({ steps: { ...steps, [step]: { ...WAITING, ...changes } } });
  }

  /** Opens the new plugin's file, or says why no editor did. Never rejects. */
  async function openFile(): Promise<void> {
    const { created } = store.getState();
    if (created === null) return;
    note('open', { state: 'running' });
    try {
      const { editor } = await inspector.call('openInEditor', { name: created.name });
      note('open', { state: 'done', result: `in ${editor}` });
    } catch (error) {
      note('open', { state: 'failed', result: 'by hand', problem: toFailure(error).message });
    }
  }

  /** Calls the plugin as an ordinary user and opens the trace on its context. Never rejects. */
  async function callPlugin(began = performance.now()): Promise<void> {
    const { created } = store.getState();
    if (created === null) return;
    note('call', { state: 'running' });
    try {
      const runId = `first-${Math.round(began)}`;
      const answer = await inspector.call('run', {
        runId,
        plugin: created.name,
        body: BODY,
        persona: 'user',
      });
      const { status, traceId } = answer;
      // The Run screen continues with this plugin and this body.
      ui.choose({ runPlugin: created.name });
      if (status !== 200 || traceId === null) {
        note('call', { state: 'failed', result: String(status), problem: `The answer was ${status}.` });
        return;
      }
      const greenMs = store.getState().greenMs ?? performance.now() - began;
      store.setState({ traceId, greenMs });
      note('call', { state: 'done', result: String(status) });
      showContext();
    } catch (error) {
      note('call', { state: 'failed', result: 'no answer', problem: toFailure(error).message });
    }
  }

  function showContext(): void {
    const { traceId } = store.getState();
    if (traceId === null) return;
    ui.openTrace(traceId, 'context');
    note('context', { state: 'done', result: 'opened' });
  }

  return { note, openFile, callPlugin, showContext };
}

export function createFirstMinuteStore({ page, inspector, runtime, ui }: FirstMinuteDeps) {
  const storedPhase = persisted(page, 'first-minute', z.catch(z.enum(['offered', 'closed']), 'offered'));
  const store = createStore<FirstMinuteState>()(() => ({
    ...BEGINNING,
    phase: storedPhase.read(),
  }));

  const { note, openFile, callPlugin, showContext } = createStepRunner({ store, inspector, ui });
  let unfollow: () => void = () => undefined;

  /** Creates the plugin, opens it in an editor, calls it and opens the trace. Never rejects. */
  async function begin(name: string, language: PluginView['language']): Promise<void> {
    if (store.getState().steps.create.state === 'running') return;
    const began = performance.now();
    store.setState({ ...BEGINNING, phase: 'offered' });
    note('create', { state: 'running' });
    let created: CreatedPlugin;
    try {
      created = await inspector.call('createPlugin', { name, language });
    } catch (error) {
      note('create', { state: 'waiting' });
      store.setState({ refusal: toFailure(error).message });
      return;
    }
    if (created.plugin !== null) runtime.replacePlugin(created.plugin);
    store.setState({ phase: 'going', created });
    note('create', { state: 'done', result: created.files[0] ?? '' });
    unfollow();
    unfollow = followChanges(name);
    await Promise.all([openFile(), callPlugin(began)]);
  }

  /** The last step is the user's own: a saved change that goes live, or that doesn't load yet. */
  function followChanges(name: string): () => void {
    return inspector.on('reload', ({ plugin, ok, cause, latencyMs, error }) => {
      if (plugin !== name || cause !== 'change') return;
      if (!ok) note('change', { state: 'failed', result: 'not loaded', problem: error });
      // The first load of a new folder is a change, too, without anything before it to be replaced.
      else if (latencyMs !== null) note('change', { state: 'done', result: `${Math.round(latencyMs)} ms` });
    });
  }

  /** Finished or dismissed: it doesn't come back. */
  function close(): void {
    unfollow();
    unfollow = () => undefined;
    store.setState({ ...BEGINNING, phase: 'closed' });
    storedPhase.write('closed');
  }

  return {
    store,
    begin,
    openFile,
    callPlugin,
    showContext,
    close,
  };
}
