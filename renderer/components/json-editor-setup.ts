import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { history, historyKeymap, standardKeymap } from '@codemirror/commands';
import { json, jsonParseLinter } from '@codemirror/lang-json';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { linter, lintGutter, lintKeymap } from '@codemirror/lint';
import { EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  dropCursor,
  EditorView,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';

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
  '.cm-specialChar': { color: 'var(--wb-exception)' },
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

const lintJson = jsonParseLinter();

/** An empty body may be sent on purpose; what the runtime answers to it is the point. */
function lintUnlessEmpty(view: EditorView) {
  return view.state.doc.length === 0 ? [] : lintJson(view);
}

/** What every JSON editor has: the language, its look, brackets and line numbers. Tab is left to the page. */
export const JSON_EDITING: readonly Extension[] = [
  json(),
  syntaxHighlighting(colours),
  look,
  EditorView.lineWrapping,
  EditorState.tabSize.of(2),
  EditorState.allowMultipleSelections.of(true),
  lineNumbers(),
  highlightActiveLineGutter(),
  highlightSpecialChars(),
  drawSelection(),
  bracketMatching(),
];

/** What one that can be written in has besides: history, closing brackets, linting. */
export const JSON_WRITING: readonly Extension[] = [
  history(),
  dropCursor(),
  indentOnInput(),
  closeBrackets(),
  lintGutter(),
  linter(lintUnlessEmpty),
  keymap.of([...closeBracketsKeymap, ...standardKeymap, ...historyKeymap, ...lintKeymap]),
];
