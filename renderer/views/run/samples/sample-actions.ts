import { createStore } from 'zustand/vanilla';
import { formatJson } from '../../../../main/contract/json-text.ts';
import { type SampleList, sampleNameProblem } from '../../../../main/contract/sample.ts';
import { call } from '../../../bridge.ts';
import { announce } from '../../../state/app/announcements.ts';
import { toFailure } from '../../../state/app/loadable.ts';
import { bodyOf } from '../form/run-body.ts';
import { chooseSample } from '../form/run-choices.ts';
import { chosenOf, loadSamples, receiveSamples, sampleOf, samplesStore } from './samples-store.ts';

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

export const sampleDialog = createStore<SampleDialogState>()(() => CLOSED);

export function openSampleDialog(dialog: SampleDialog): void {
  sampleDialog.setState({ ...CLOSED, dialog, name: dialog.kind === 'rename' ? dialog.name : '' });
}

export function closeSampleDialog(): void {
  if (!sampleDialog.getState().busy) sampleDialog.setState(CLOSED);
}

export function nameSample(name: string): void {
  sampleDialog.setState({ name, refusal: null });
}

/** What is wrong with the name, or null; an empty name is not reported. */
export function sampleProblem({ dialog, name, refusal }: SampleDialogState): string | null {
  if (refusal !== null || dialog === null) return refusal;
  if (name === '') return null;
  const other = sampleOf(dialog.plugin, name);
  const isTaken = dialog.kind === 'rename' && other !== undefined && name !== dialog.name;
  if (isTaken) return `Sample ${name} already exists`;
  if (other !== undefined && other.revision === null)
    return `${name}.json exists and can’t be replaced: ${other.problem}`;
  return sampleNameProblem(name);
}

/** Saves the body to the sample it came from; asks for a name when there is none. Never rejects. */
export async function saveBody(plugin: string): Promise<void> {
  const chosen = chosenOf(plugin);
  if (chosen === undefined) return openSampleDialog({ kind: 'save-as', plugin });
  const isGone = sampleOf(plugin, chosen.name) === undefined;
  await save(plugin, chosen.name, isGone ? null : chosen.revision);
}

/** Carries out the dialog's action: save under the new name, rename, delete, or overwrite. Never rejects. */
export async function confirmSampleDialog(): Promise<void> {
  const state = sampleDialog.getState();
  const { dialog, busy } = state;
  if (dialog === null || busy) return;
  const needsName = dialog.kind === 'save-as' || dialog.kind === 'rename';
  if (needsName && (state.name === '' || sampleProblem(state) !== null)) return;
  sampleDialog.setState({ busy: true });
  try {
    await perform(dialog, state.name);
    sampleDialog.setState(CLOSED);
  } catch (error) {
    sampleDialog.setState({ busy: false, refusal: toFailure(error).message });
    await loadSamples(dialog.plugin);
  }
}

async function perform(dialog: SampleDialog, typed: string): Promise<void> {
  const { plugin } = dialog;
  switch (dialog.kind) {
    case 'save-as': {
      const replaces = sampleOf(plugin, typed)?.revision ?? null;
      return adopt(await call('saveSample', { plugin, name: typed, body: bodyOf(plugin), replaces }), typed);
    }
    case 'changed': {
      const { name } = dialog;
      const replaces = sampleOf(plugin, name)?.revision ?? null;
      return adopt(await call('saveSample', { plugin, name, body: bodyOf(plugin), replaces }), name);
    }
    case 'rename': {
      const wasChosen = chosenOf(plugin)?.name === dialog.name;
      const list = await call('renameSample', { plugin, name: dialog.name, to: typed });
      return wasChosen ? adopt(list, typed) : receiveSamples(list);
    }
    case 'delete': {
      const list = await call('deleteSample', { plugin, name: dialog.name });
      if (chosenOf(plugin)?.name === dialog.name) chooseSample(plugin, null);
      return receiveSamples(list);
    }
  }
}

async function save(plugin: string, name: string, replaces: string | null): Promise<void> {
  const body = bodyOf(plugin);
  if (formatJson(body) === null) {
    announce({ tone: 'bad', title: 'Not saved', text: 'Only JSON can be saved as a sample.', key: 'sample' });
    return;
  }
  try {
    adopt(await call('saveSample', { plugin, name, body, replaces }), name);
  } catch (error) {
    const { code, message } = toFailure(error);
    await loadSamples(plugin);
    if (code === 'CONFLICT') openSampleDialog({ kind: 'changed', plugin, name });
    else announce({ tone: 'bad', title: `${name} not saved`, text: message, key: 'sample' });
  }
}

/** The body now belongs to the sample `name`. */
function adopt(list: SampleList, name: string): void {
  const { revision } = list.samples.find((sample) => sample.name === name) ?? {};
  if (revision != null) chooseSample(list.plugin, { name, revision });
  receiveSamples(list);
}

/** For tests. */
export function resetSamples(): void {
  sampleDialog.setState(CLOSED);
  samplesStore.setState({ byPlugin: new Map() });
}
