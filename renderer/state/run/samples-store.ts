import { createStore } from 'zustand/vanilla';
import type { Sample, SampleList } from '../../../main/contract/sample.ts';
import type { Inspector } from '../../bridge.ts';
import type { Page } from '../../page.ts';
import { LOADING, type Loadable, ready, settle } from '../app/loadable.ts';
import type { RuntimeStore } from '../app/runtime.ts';
import { type ChosenSample, EMPTY_BODY, type FormStore, isSameBody } from './form-store.ts';

/** The sample files of the plugins that were opened. */
export interface SamplesState {
  readonly byPlugin: ReadonlyMap<string, Loadable<SampleList>>;
}

export type SamplesStore = ReturnType<typeof createSamplesStore>;

interface SamplesDeps {
  readonly inspector: Inspector;
  readonly page: Page;
  readonly runtime: RuntimeStore;
  readonly form: FormStore;
}

export function createSamplesStore({ inspector, page, runtime, form }: SamplesDeps) {
  const store = createStore<SamplesState>()(() => ({ byPlugin: new Map() }));

  /** Fetches a plugin's samples; a list already loaded stays visible meanwhile. Never rejects. */
  async function load(plugin: string): Promise<void> {
    if (plugin === '') return;
    if (!store.getState().byPlugin.has(plugin)) put(plugin, LOADING);
    const answer = await settle(inspector.call('samples', { plugin }));
    if (answer.state === 'ready') receive(answer.value);
    else put(plugin, answer);
  }

  /** Applies a list from the runtime. An unedited body follows its sample. */
  function receive(list: SampleList): void {
    const { plugin } = list;
    const before = find(plugin, form.chosenSample(plugin)?.name);
    put(plugin, ready(list));
    const chosen = form.chosenSample(plugin);
    const now = find(plugin, chosen?.name);
    if (chosen === undefined || now?.text == null || now.revision === null) return;
    if (now.revision === chosen.revision) return;
    const body = form.bodyOf(plugin);
    const wasUnedited =
      before?.text != null && before.revision === chosen.revision && isSameBody(body, before.text);
    if (!wasUnedited && !isSameBody(body, now.text)) return;
    form.chooseSample(plugin, { name: now.name, revision: now.revision });
    if (wasUnedited) form.writeBody(plugin, now.text);
  }

  /**
   * Keeps the samples of `plugin` in step with the disk: the runtime reports changes, and they are fetched
   * again when the window is focused or the connection is back. Returns `unsubscribe`.
   */
  function follow(plugin: string): () => void {
    const refresh = () => {
      load(plugin).catch((error) => console.error('samples not loaded', error));
    };
    const currentFolder = () => runtime.currentSnapshot()?.folder.path;
    let folder = currentFolder();
    refresh();
    const subscriptions = [
      inspector.on('samples', ({ plugins }) => {
        if (plugins.includes(plugin)) refresh();
      }),
      page.onFocus(refresh),
      inspector.onConnection(({ state }) => {
        if (state === 'open') refresh();
      }),
      // Another folder may contain a plugin of the same name.
      runtime.store.subscribe(() => {
        if (currentFolder() === folder) return;
        folder = currentFolder();
        refresh();
      }),
    ];
    return () => {
      for (const unsubscribe of subscriptions) unsubscribe();
    };
  }

  /** The sample of that name as last read from disk. */
  function find(plugin: string, name: string | undefined): Sample | undefined {
    return findSample(store.getState().byPlugin.get(plugin), name);
  }

  function put(plugin: string, list: Loadable<SampleList>): void {
    store.setState({ byPlugin: new Map(store.getState().byPlugin).set(plugin, list) });
  }
  return {
    store,
    load,
    receive,
    follow,
    find,
    ...createBodyOpener({ form, find }),
  };
}

interface BodyOpenerDeps {
  readonly form: FormStore;
  readonly find: (plugin: string, name: string | undefined) => Sample | undefined;
}

/** Puts bodies into the editor, storing an unsaved one that they replace. */
function createBodyOpener({ form, find }: BodyOpenerDeps) {
  /** Opens a sample in the editor. An unsent body that it replaces stays available in the menu. */
  function open(plugin: string, { name, text, revision }: Sample): void {
    if (text === null || revision === null) return;
    storeBody(plugin);
    form.writeBody(plugin, text);
    form.chooseSample(plugin, { name, revision });
  }

  /** Opens a body that belongs to no sample in the editor. */
  function openBody(plugin: string, body: string): void {
    storeBody(plugin);
    form.writeBody(plugin, body);
    form.chooseSample(plugin, null);
  }

  function storeBody(plugin: string): void {
    const body = form.bodyOf(plugin);
    const saved = find(plugin, form.chosenSample(plugin)?.name)?.text;
    const isSaved = saved != null && isSameBody(body, saved);
    if (!isSaved && !isSameBody(body, EMPTY_BODY) && body.trim() !== '') form.rememberBody(plugin, body);
  }

  return { open, openBody };
}

export function findSample(
  list: Loadable<SampleList> | undefined,
  name: string | undefined,
): Sample | undefined {
  return list?.state === 'ready' ? list.value.samples.find((sample) => sample.name === name) : undefined;
}

/** How a body relates to the sample it came from. */
export type SampleStatus =
  | { readonly kind: 'none' }
  | { readonly kind: 'same' | 'edited'; readonly name: string }
  /** The file changed since it was opened, and the body was edited. */
  | { readonly kind: 'changed'; readonly name: string }
  /** The file no longer exists, or can't be read. */
  | { readonly kind: 'gone'; readonly name: string };

/** Pure. Until the list is loaded the body counts as unedited, so that the mark doesn't flicker. */
export function sampleStatus(
  body: string,
  chosen: ChosenSample | undefined,
  list: Loadable<SampleList> | undefined,
): SampleStatus {
  if (chosen === undefined) return { kind: 'none' };
  const { name, revision } = chosen;
  if (list?.state !== 'ready') return { kind: 'same', name };
  const sample = findSample(list, name);
  if (sample?.text == null) return { kind: 'gone', name };
  if (isSameBody(body, sample.text)) return { kind: 'same', name };
  return { kind: sample.revision === revision ? 'edited' : 'changed', name };
}
