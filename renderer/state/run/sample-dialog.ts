import { createStore } from 'zustand/vanilla';
import { formatJson } from '../../../main/contract/json-text.ts';
import { type SampleList, sampleNameProblem } from '../../../main/contract/sample.ts';
import type { Inspector } from '../../bridge.ts';
import type { Announcements } from '../app/announcements.ts';
import { toFailure } from '../app/loadable.ts';
import type { FormStore } from './form-store.ts';
import { findSample, type SamplesState, type SamplesStore } from './samples-store.ts';

export type SampleDialog =
  | { readonly kind: 'save-as'; readonly plugin: string }
  | { readonly kind: 'rename' | 'delete' | 'changed'; readonly plugin: string; readonly name: string };

export interface SampleDialogState {
  readonly dialog: SampleDialog | null;
  /** The name as typed. */
  readonly name: string;
  readonly busy: boolean;
  /** Why the runtime refused; cleared when the name changes. */
  readonly refusal: string | null;
}

const CLOSED: SampleDialogState = { dialog: null, name: '', busy: false, refusal: null };

interface SampleDialogDeps {
  readonly inspector: Inspector;
  readonly announcements: Announcements;
  readonly form: FormStore;
  readonly samples: SamplesStore;
}

/** Changes the files of samples; every function rejects when the runtime refuses. */
function createSampleWriter({ inspector, form, samples }: Omit<SampleDialogDeps, 'announcements'>) {
  async function perform(dialog: SampleDialog, typed: string): Promise<void> {
    const { plugin } = dialog;
    switch (dialog.kind) {
      case 'save-as':
        return overwrite(plugin, typed);
      case 'changed':
        return overwrite(plugin, dialog.name);
      case 'rename': {
        const wasChosen = form.chosenSample(plugin)?.name === dialog.name;
        const list = await inspector.call('renameSample', { plugin, name: dialog.name, to: typed });
        return wasChosen ? adopt(list, typed) : samples.receive(list);
      }
      case 'delete': {
        const list = await inspector.call('deleteSample', { plugin, name: dialog.name });
        if (form.chosenSample(plugin)?.name === dialog.name) form.chooseSample(plugin, null);
        return samples.receive(list);
      }
    }
  }

  /** Saves the body as `name`, in place of the file with the revision `replaces`; null when there is none. */
  async function write(plugin: string, name: string, replaces: string | null): Promise<void> {
    adopt(await inspector.call('saveSample', { plugin, name, body: form.bodyOf(plugin), replaces }), name);
  }

  /** Saves over whatever was last read from disk under this name. */
  function overwrite(plugin: string, name: string): Promise<void> {
    return write(plugin, name, samples.find(plugin, name)?.revision ?? null);
  }

  /** The body now belongs to the sample `name`. */
  function adopt(list: SampleList, name: string): void {
    const { revision } = list.samples.find((sample) => sample.name === name) ?? {};
    if (revision != null) form.chooseSample(list.plugin, { name, revision });
    samples.receive(list);
  }

  return { perform, write };
}

/** Saves, renames and deletes samples, through a dialog where a question is to be asked first. */
export function createSampleDialog({ inspector, announcements, form, samples }: SampleDialogDeps) {
  const store = createStore<SampleDialogState>()(() => CLOSED);
  const { perform, write } = createSampleWriter({ inspector, form, samples });

  function open(dialog: SampleDialog): void {
    store.setState({ ...CLOSED, dialog, name: dialog.kind === 'rename' ? dialog.name : '' });
  }

  function close(): void {
    if (!store.getState().busy) store.setState(CLOSED);
  }

  function setName(name: string): void {
    store.setState({ name, refusal: null });
  }

  /** Saves the body to the sample it came from; asks for a name when there is none. Never rejects. */
  async function saveBody(plugin: string): Promise<void> {
    const chosen = form.chosenSample(plugin);
    if (chosen === undefined) return open({ kind: 'save-as', plugin });
    const isGone = samples.find(plugin, chosen.name) === undefined;
    await save(plugin, chosen.name, isGone ? null : chosen.revision);
  }

  /**
   * Carries out the dialog's action: save under the new name, rename, delete, or overwrite. Never rejects.
   */
  async function confirm(): Promise<void> {
    const state = store.getState();
    const { dialog, busy } = state;
    if (dialog === null || busy) return;
    const needsName = dialog.kind === 'save-as' || dialog.kind === 'rename';
    if (needsName && (state.name === '' || sampleProblem(state, samples.store.getState()) !== null)) return;
    store.setState({ busy: true });
    try {
      await perform(dialog, state.name);
      store.setState(CLOSED);
    } catch (error) {
      store.setState({ busy: false, refusal: toFailure(error).message });
      await samples.load(dialog.plugin);
    }
  }

  async function save(plugin: string, name: string, replaces: string | null): Promise<void> {
    if (formatJson(form.bodyOf(plugin)) === null) {
      announceProblem('Not saved', 'Only JSON can be saved as a sample.');
      return;
    }
    try {
      await write(plugin, name, replaces);
    } catch (error) {
      const { code, message } = toFailure(error);
      await samples.load(plugin);
      if (code === 'CONFLICT') open({ kind: 'changed', plugin, name });
      else announceProblem(`${name} not saved`, message);
    }
  }

  function announceProblem(title: string, text: string): void {
    announcements.announce({ tone: 'bad', title, text, key: 'sample' });
  }

  return {
    store,
    open,
    close,
    setName,
    saveBody,
    confirm,
  };
}

/** What is wrong with the name, or null; an empty name is not reported. */
export function sampleProblem(
  { dialog, name, refusal }: SampleDialogState,
  { byPlugin }: SamplesState,
): string | null {
  if (refusal !== null || dialog === null) return refusal;
  if (name === '') return null;
  const other = findSample(byPlugin.get(dialog.plugin), name);
  const isTaken = dialog.kind === 'rename' && other !== undefined && name !== dialog.name;
  if (isTaken) return `Sample ${name} already exists`;
  if (other !== undefined && other.revision === null)
    return `${name}.json exists and can’t be replaced: ${other.problem}`;
  return sampleNameProblem(name);
}
