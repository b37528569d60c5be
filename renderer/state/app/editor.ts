import { createStore } from 'zustand/vanilla';
import type { ArgumentOf } from '../../../main/contract/inspector.ts';
import type { OpenedFile } from '../../../main/contract/plugin-view.ts';
import { call } from '../../bridge.ts';
import { announce } from './announcements.ts';
import { type Failure, toFailure } from './loadable.ts';

export type EditorWish = ArgumentOf<'openInEditor'>;

/** Plugins a file of which is being opened. */
export const editorStore = createStore<{ readonly busy: ReadonlySet<string> }>()(() => ({ busy: new Set() }));

/** Opens a plugin's file, at a place if one is given; says which editor took it, or why none did. Never rejects. */
export async function openInEditor(wish: EditorWish): Promise<OpenedFile | Failure> {
  const { name } = wish;
  const key = `editor:${name}`;
  editorStore.setState({ busy: new Set([...editorStore.getState().busy, name]) });
  try {
    const opened = await call('openInEditor', wish);
    announce({ tone: 'good', title: `Opened in ${opened.editor}`, text: `${name}/${opened.file}`, key });
    return opened;
  } catch (error) {
    const failure = toFailure(error);
    announce({ tone: 'bad', title: `${name} not opened in an editor`, text: failure.message, key });
    return failure;
  } finally {
    const rest = new Set(editorStore.getState().busy);
    rest.delete(name);
    editorStore.setState({ busy: rest });
  }
}
