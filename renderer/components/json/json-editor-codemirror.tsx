import { Annotation, Compartment, EditorState, type Extension, Prec } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { useEffect, useLayoutEffect, useRef } from 'react';
import type { JsonEditorProps } from './json-editor-props.ts';
import { JSON_EDITING, JSON_WRITING, markText } from './json-editor-setup.ts';
import { jsonMarks } from './json-marks.ts';

/** Marks a change that came from outside the editor, so that it is not reported back. */
const fromOutside = Annotation.define<boolean>();

/** The JSON editor, in a chunk of its own because of CodeMirror's size. */
export function JsonEditorCodeMirror(props: JsonEditorProps) {
  const { value, label, height = '100%', readOnly = false, marksOf = jsonMarks } = props;
  const latest = useRef(props);
  useLayoutEffect(() => {
    latest.current = props;
  });
  const place = useRef<HTMLDivElement>(null);
  const mounted = useRef<Mounted>(null);
  useLayoutEffect(() => {
    if (place.current === null) return;
    const editor = mount(place.current, latest);
    mounted.current = editor;
    return () => {
      editor.view.destroy();
      mounted.current = null;
    };
  }, []);
  useEffect(() => {
    mounted.current?.configure(label, readOnly, marksOf);
  }, [label, readOnly, marksOf]);
  useEffect(() => {
    if (mounted.current) writeValue(mounted.current.view, value);
  }, [value]);
  return <div ref={place} style={{ height }} />;
}

interface Mounted {
  readonly view: EditorView;
  configure(...settings: Parameters<typeof settingsOf>): void;
}

function mount(parent: HTMLElement, latest: { readonly current: JsonEditorProps }): Mounted {
  const settings = new Compartment();
  const { value, label, readOnly = false, marksOf = jsonMarks } = latest.current;
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: value,
      extensions: [
        Prec.highest(keymap.of([{ key: 'Mod-Enter', run: () => submit(latest.current.onSubmit) }])),
        JSON_EDITING,
        settings.of(settingsOf(label, readOnly, marksOf)),
        EditorView.updateListener.of((update) => {
          const isOutside = update.transactions.every((transaction) => transaction.annotation(fromOutside));
          if (update.docChanged && !isOutside) latest.current.onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    view,
    configure: (...next) => view.dispatch({ effects: settings.reconfigure(settingsOf(...next)) }),
  };
}

function settingsOf(label: string, readOnly: boolean, marksOf: typeof jsonMarks): Extension {
  return [
    EditorView.contentAttributes.of({ 'aria-label': label }),
    readOnly ? [EditorState.readOnly.of(true)] : [JSON_WRITING, markText(marksOf)],
  ];
}

/** Replaces the text unless it is equal; the change can be undone like any other. */
function writeValue(view: EditorView, value: string): void {
  const present = view.state.doc.toString();
  if (present === value) return;
  view.dispatch({
    changes: { from: 0, to: present.length, insert: value },
    annotations: fromOutside.of(true),
  });
}

function submit(onSubmit: (() => void) | undefined): boolean {
  onSubmit?.();
  return onSubmit !== undefined;
}
