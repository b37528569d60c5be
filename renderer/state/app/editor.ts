import { createStore } from 'zustand/vanilla';
import type { ArgumentOf } from '../../../main/contract/inspector.ts';
import type { OpenedFile } from '../../../main/contract/plugin-view.ts';
import type { Inspector } from '../../bridge.ts';
import type { Announcements } from './announcements.ts';
import { type Failure, toFailure } from './loadable.ts';

export type EditorTarget = ArgumentOf<'openInEditor'>;

export type EditorStore = ReturnType<typeof createEditorStore>;

interface EditorDeps {
  readonly inspector: Inspector;
  readonly announcements: Announcements;
}

export function createEditorStore({ inspector, announcements }: EditorDeps) {
  /** Plugins whose files are being opened. */
  const store = createStore<{ readonly busy: ReadonlySet<string> }>()(() => ({ busy: new Set() }));

  /**
   * Opens a plugin's file, at a place if one is given; announces which editor opened it, or why none did.
   * Never rejects.
   */
  async function open(target: EditorTarget): Promise<OpenedFile | Failure> {
    const { name } = target;
    const key = `editor:${name}`;
    store.setState({ busy: new Set([...store.getState().busy, name]) });
    try {
      const opened = await inspector.call('openInEditor', target);
      announcements.announce({
        tone: 'good',
        title: `Opened in ${opened.editor}`,
        text: `${name}/${opened.file}`,
        key,
      });
      return opened;
    } catch (error) {
      const failure = toFailure(error);
      announcements.announce({
        tone: 'bad',
        title: `${name} not opened in an editor`,
        text: failure.message,
        key,
      });
      return failure;
    } finally {
      const rest = new Set(store.getState().busy);
      rest.delete(name);
      store.setState({ busy: rest });
    }
  }
  return {
    store,
    open,
  };
}
