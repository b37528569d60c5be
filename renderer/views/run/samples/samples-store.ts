import { createStore } from 'zustand/vanilla';
import type { Sample, SampleList } from '../../../../main/contract/sample.ts';
import { bridge, call, on } from '../../../bridge.ts';
import { onFocus } from '../../../page.ts';
import { LOADING, type Loadable, settle } from '../../../state/app/loadable.ts';
import { currentSnapshot, runtimeStore } from '../../../state/app/runtime.ts';
import { bodyOf, EMPTY_BODY, isSameBody, writeBody } from '../form/run-body.ts';
import { type ChosenSample, chooseSample, ownValue, runChoices } from '../form/run-choices.ts';
import { rememberBody } from '../form/sent-bodies.ts';

/** The sample files of the plugins that were opened. */
export interface SamplesState {
  readonly byPlugin: ReadonlyMap<string, Loadable<SampleList>>;
}

export const samplesStore = createStore<SamplesState>()(() => ({ byPlugin: new Map() }));

/** Fetches a plugin's samples; a list already loaded stays visible meanwhile. Never rejects. */
export async function loadSamples(plugin: string): Promise<void> {
  if (plugin === '') return;
  if (!samplesStore.getState().byPlugin.has(plugin)) put(plugin, LOADING);
  const answer = await settle(call('samples', { plugin }));
  if (answer.state === 'ready') receiveSamples(answer.value);
  else put(plugin, answer);
}

/** Applies a list from the runtime. An unedited body follows its sample. */
export function receiveSamples(list: SampleList): void {
  const { plugin } = list;
  const before = sampleOf(plugin, chosenOf(plugin)?.name);
  put(plugin, { state: 'ready', value: list, at: Date.now() });
  const chosen = chosenOf(plugin);
  const now = sampleOf(plugin, chosen?.name);
  if (chosen === undefined || now?.text == null || now.revision === null || now.revision === chosen.revision)
    return;
  const body = bodyOf(plugin);
  const wasUnedited =
    before?.text != null && before.revision === chosen.revision && isSameBody(body, before.text);
  if (!wasUnedited && !isSameBody(body, now.text)) return;
  chooseSample(plugin, { name: now.name, revision: now.revision });
  if (wasUnedited) writeBody(plugin, now.text);
}

/**
 * Keeps the samples of `plugin` in step with the disk: the runtime reports changes, and they are fetched again when the
 * window is focused or the connection is back. Returns `unsubscribe`.
 */
export function followSamples(plugin: string): () => void {
  const refresh = () => {
    loadSamples(plugin).catch((error) => console.error('samples not loaded', error));
  };
  let folder = currentSnapshot()?.folder.path;
  refresh();
  const undo = [
    on('samples', ({ plugins }) => {
      if (plugins.includes(plugin)) refresh();
    }),
    onFocus(refresh),
    bridge().onConnection(({ state }) => {
      if (state === 'open') refresh();
    }),
    // Another folder may contain a plugin of the same name.
    runtimeStore.subscribe(() => {
      const present = currentSnapshot()?.folder.path;
      if (present === folder) return;
      folder = present;
      refresh();
    }),
  ];
  return () => {
    for (const stop of undo) stop();
  };
}

/** Opens a sample in the editor. An unsent body that it replaces stays available in the menu. */
export function openSample(plugin: string, { name, text, revision }: Sample): void {
  if (text === null || revision === null) return;
  storeBody(plugin);
  writeBody(plugin, text);
  chooseSample(plugin, { name, revision });
}

/** Opens a body that belongs to no sample in the editor. */
export function openBody(plugin: string, body: string): void {
  storeBody(plugin);
  writeBody(plugin, body);
  chooseSample(plugin, null);
}

function storeBody(plugin: string): void {
  const body = bodyOf(plugin);
  const saved = sampleOf(plugin, chosenOf(plugin)?.name)?.text;
  const isSaved = saved != null && isSameBody(body, saved);
  if (!isSaved && !isSameBody(body, EMPTY_BODY) && body.trim() !== '') rememberBody(plugin, body);
}

export function chosenOf(plugin: string): ChosenSample | undefined {
  return ownValue(runChoices.getState().samples, plugin);
}

/** The sample of that name as last read from disk. */
export function sampleOf(plugin: string, name: string | undefined): Sample | undefined {
  return findSample(samplesStore.getState().byPlugin.get(plugin), name);
}

function findSample(list: Loadable<SampleList> | undefined, name: string | undefined): Sample | undefined {
  return list?.state === 'ready' ? list.value.samples.find((sample) => sample.name === name) : undefined;
}

function put(plugin: string, list: Loadable<SampleList>): void {
  samplesStore.setState({ byPlugin: new Map(samplesStore.getState().byPlugin).set(plugin, list) });
}

/** How a body relates to the sample it came from. */
export type SampleStanding =
  | { readonly kind: 'none' }
  | { readonly kind: 'same' | 'edited'; readonly name: string }
  /** The file changed since it was opened, and the body was edited. */
  | { readonly kind: 'changed'; readonly name: string }
  /** The file no longer exists, or can't be read. */
  | { readonly kind: 'gone'; readonly name: string };

/** Pure. Until the list is loaded the body counts as unedited, so that the mark doesn't flicker. */
export function standingOf(
  body: string,
  chosen: ChosenSample | undefined,
  list: Loadable<SampleList> | undefined,
): SampleStanding {
  if (chosen === undefined) return { kind: 'none' };
  const { name, revision } = chosen;
  if (list?.state !== 'ready') return { kind: 'same', name };
  const sample = findSample(list, name);
  if (sample?.text == null) return { kind: 'gone', name };
  if (isSameBody(body, sample.text)) return { kind: 'same', name };
  return { kind: sample.revision === revision ? 'edited' : 'changed', name };
}
