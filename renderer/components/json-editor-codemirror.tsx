import { json, jsonParseLinter } from '@codemirror/lang-json';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { linter, lintGutter } from '@codemirror/lint';
import { EditorState, type Extension, Prec } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import CodeMirror from '@uiw/react-codemirror';
import { useMemo, useRef } from 'react';
import type { JsonEditorProps } from './json-editor.tsx';

const look = EditorView.theme({
  '&': { fontSize: '12px', backgroundColor: 'var(--wb-sunken)', color: 'var(--wb-text)', height: '100%' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--wb-mono)', lineHeight: '18px' },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--wb-text)' },
  '.cm-cursor': { borderLeftColor: 'var(--wb-text)' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--wb-faint)', border: '0' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLineGutter': { color: 'var(--wb-text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--wb-accent-soft)',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--wb-raised)',
    border: '1px solid var(--wb-line-strong)',
    borderRadius: '6px',
    color: 'var(--wb-text)',
  },
  '&.cm-focused .cm-matchingBracket, .cm-matchingBracket': {
    backgroundColor: 'var(--wb-accent-soft)',
    outline: '0',
  },
});

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--wb-json-key)' },
  { tag: tags.string, color: 'var(--wb-json-string)' },
  { tag: tags.number, color: 'var(--wb-json-number)' },
  { tag: [tags.bool, tags.null], color: 'var(--wb-json-word)' },
]);

/** CodeMirror's part of the JSON editor, in a chunk of its own. */
export function JsonEditorCodeMirror({
  value,
  onChange,
  onSubmit,
  label,
  height,
  readOnly = false,
}: JsonEditorProps) {
  const submit = useRef(onSubmit);
  submit.current = onSubmit;
  const extensions = useMemo<Extension[]>(
    () => [
      json(),
      syntaxHighlighting(colours),
      look,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': label }),
      EditorState.tabSize.of(2),
      ...(readOnly ? [] : [lintGutter(), linter(lintUnlessEmpty)]),
      Prec.highest(keymap.of([{ key: 'Mod-Enter', run: () => runSubmit(submit.current) }])),
    ],
    [label, readOnly],
  );
  return (
    <CodeMirror
      value={value}
      onChange={onChange}
      extensions={extensions}
      height={height ?? '100%'}
      style={{ height: height ?? '100%' }}
      theme="none"
      readOnly={readOnly}
      basicSetup={{ foldGutter: false, highlightActiveLine: false, searchKeymap: false }}
      // Tab moves on to the next control, as everywhere else on the page.
      indentWithTab={false}
    />
  );
}

const lintJson = jsonParseLinter();

/** An empty body may be sent on purpose; what the runtime answers to it is the point. */
function lintUnlessEmpty(view: EditorView) {
  return view.state.doc.length === 0 ? [] : lintJson(view);
}

function runSubmit(submit: (() => void) | undefined): boolean {
  submit?.();
  return submit !== undefined;
}
